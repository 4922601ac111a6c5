"""Where the demo county's facts come from, as pages name it: (Chinese, English)."""

from __future__ import annotations

EDUCATION = ("教育局学籍比对", "Checked with the education bureau")
CIVIL_AFFAIRS = ("民政局核对", "Checked with civil affairs")
HEALTH_INSURANCE = ("医保局比对", "Checked with the health insurance bureau")
VISIT = ("入户走访", "Visit to the home")
SURVEY = ("网格排摸", "Survey by the grid")
LAND = ("镇征地安置名册", "The town's register of land taken")
ARREARS = ("人社局欠费名单", "Arrears list of the social insurance office")
LETTER = ("录取通知书原件", "Letter of admission, seen in the original")
SLIPS = ("医保结算单原件", "Settlement slips, seen in the original")
ENROLMENT = ("在读证明", "Proof of enrolment")
PAPER_2025 = "2025年花名册（纸质）"
PAPER_2026 = "2026年送温暖花名册（纸质）"
STUDY_AID = ("henan-autumn-study-aid", "金秋助学（2025年）")
CONSOLATION = ("yantai-consolation", "送温暖慰问（2026年春节）")
