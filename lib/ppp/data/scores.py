"""Clinical scores from their parts: PPPASI, DLQI and the PGA scale."""

import pandas as pd

REGION_WEIGHT = {"right_palm": 0.2, "left_palm": 0.2, "right_sole": 0.3, "left_sole": 0.3}
SIGNS = ("erythema", "pustules", "desquamation")
SITES = ("palm", "sole")
PPPASI_COMPONENTS = tuple(
    f"{region}_{part}" for region in REGION_WEIGHT for part in (*SIGNS, "area")
)
WHOLE = "pppasi"
PUSTULES = tuple(f"{region}_pustules" for region in REGION_WEIGHT)

DLQI_ITEMS = tuple(f"dlqi_{i}" for i in range(1, 11))


def pppasi(frame: pd.DataFrame) -> pd.Series:
    """Palmoplantar Pustulosis Area and Severity Index of each row, from `PPPASI_COMPONENTS`.

    The sum over the four regions of weight × (erythema + pustules + desquamation) × area, with
    signs 0–4, area 0–6, and weight 0.2 for each palm and 0.3 for each sole: 0–72 in steps of 0.1;
    NaN where any component is missing.
    Bhushan M et al. Br J Dermatol 2001;145:546. doi:10.1046/j.1365-2133.2001.04411.x

    0.2·5·3 + 0.2·2·3 + 0.3·3·3 + 0.3·2·3 = 8.7:

    >>> parts = [2, 1, 2, 3, 1, 0, 1, 3, 1, 1, 1, 3, 1, 0, 1, 3]
    >>> pppasi(pd.DataFrame([parts], columns=PPPASI_COMPONENTS)).item()
    8.7
    """
    tenths = sum(
        round(10 * weight) * _severity(frame, region) * _area(frame, region)
        for region, weight in REGION_WEIGHT.items()
    )
    return (tenths / 10).round(1).rename("pppasi")


def parts_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Split PPPASI by sign (three columns) and by site (palms, soles); each set adds up to it.

    A sign is Σ weight × sign × area over the regions, a site the PPPASI of its two regions; NaN
    where any component that it needs is missing.

    >>> one = pd.DataFrame([[2, 1, 2, 3, 1, 0, 1, 3, 1, 1, 1, 3, 1, 0, 1, 3]])
    >>> parts_of(one.set_axis(PPPASI_COMPONENTS, axis=1)).iloc[0].to_dict()
    {'pustules': 1.5, 'erythema': 3.6, 'desquamation': 3.6, 'palms': 4.2, 'soles': 4.5}
    """
    shares = {
        (region, sign): round(10 * weight) * frame[f"{region}_{sign}"].astype(float) * area
        for region, weight in REGION_WEIGHT.items()
        for area in [_area(frame, region)]
        for sign in SIGNS
    }
    chosen = {sign: [key for key in shares if key[1] == sign] for sign in ("pustules", *SIGNS)}
    chosen |= {f"{site}s": [key for key in shares if key[0].endswith(site)] for site in SITES}
    return pd.DataFrame(
        {part: sum(shares[key] for key in keys) / 10 for part, keys in chosen.items()},
        index=frame.index,
    ).round(1)


def inconsistent_area(frame: pd.DataFrame) -> pd.DataFrame:
    """Say where a region (a column each) has an area of 0 and signs, or an area and no sign.

    False where the region's area or any of its signs is missing.
    """
    verdict = {}
    for region in REGION_WEIGHT:
        severity, area = _severity(frame, region), _area(frame, region)
        known = severity.notna() & area.notna()
        verdict[region] = known & ((area == 0) != (severity == 0))
    return pd.DataFrame(verdict, index=frame.index)


def dlqi(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Dermatology Life Quality Index (0–30) of each row, and how many of `DLQI_ITEMS` are missing.

    One missing item counts 0; with two or more missing the total is NaN. Items are scored already:
    0–3, "not relevant" 0, and 3 for "yes" in item 7.
    Finlay AY, Khan GK. Clin Exp Dermatol 1994;19:210. doi:10.1111/j.1365-2230.1994.tb01167.x

    >>> items = [3, 2, 1, 1, 0, 0, 3, 0, 1, None]
    >>> total, n_missing = dlqi(pd.DataFrame([items], columns=DLQI_ITEMS))
    >>> total.item(), n_missing.item()
    (11.0, 1)
    """
    items = frame[list(DLQI_ITEMS)].astype(float)
    n_missing = items.isna().sum(axis=1).rename("n_missing")
    return items.sum(axis=1).where(n_missing <= 1).rename("dlqi"), n_missing


def _severity(frame: pd.DataFrame, region: str) -> pd.Series:
    parts = frame[[f"{region}_{sign}" for sign in SIGNS]].astype(float)
    return parts.sum(axis=1, skipna=False)


def _area(frame: pd.DataFrame, region: str) -> pd.Series:
    return frame[f"{region}_area"].astype(float)
