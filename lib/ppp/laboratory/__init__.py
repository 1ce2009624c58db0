"""Page 04, its second half: laboratory values, their grades, and the liver tests together."""
