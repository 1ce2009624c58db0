"""Exploration after the plan: one question at a time, in JupyterLab and in one offline file."""
