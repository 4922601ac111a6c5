WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2022-01-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN b."p_new_form_industry_union" >= 2 THEN b."f_new_form_industry_union" END AS "c_new_form",
    b."f_new_form_industry_union" AS "s_new_form",
    CAST(NULL AS BOOLEAN) AS "m_new_form",
    (b."f_union_founded_on" >= DATE '2022-01-01') AS "c_newly_founded",
    (b."f_union_founded_on" >= DATE '2022-01-01') AS "s_newly_founded",
    CAST(NULL AS BOOLEAN) AS "m_newly_founded",
    CASE WHEN COALESCE(b."f_budget_years_since_founding", b."h_budget_years_since_founding") <= CAST(3 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_budget_years_since_founding", b."l_budget_years_since_founding") > CAST(3 AS BIGINT) THEN FALSE END AS "c_within_the_years",
    CASE WHEN COALESCE(b."f_budget_years_since_founding", b."h_budget_years_since_founding") <= CAST(3 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_budget_years_since_founding", b."l_budget_years_since_founding") > CAST(3 AS BIGINT) THEN FALSE END AS "s_within_the_years",
    CAST(NULL AS BOOLEAN) AS "m_within_the_years",
    b."f_union_in_being" AS "c_in_being",
    b."f_union_in_being" AS "s_in_being",
    CAST(NULL AS BOOLEAN) AS "m_in_being",
    (CASE WHEN COALESCE(b."f_budget_years_since_founding", b."h_budget_years_since_founding") < CAST(2 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_budget_years_since_founding", b."l_budget_years_since_founding") >= CAST(2 AS BIGINT) THEN FALSE END OR b."f_grant_check_passed") AS "c_checked",
    (CASE WHEN COALESCE(b."f_budget_years_since_founding", b."h_budget_years_since_founding") < CAST(2 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_budget_years_since_founding", b."l_budget_years_since_founding") >= CAST(2 AS BIGINT) THEN FALSE END OR b."f_grant_check_passed") AS "s_checked",
    CAST(NULL AS BOOLEAN) AS "m_checked",
    CAST(10000000 AS BIGINT) AS "a_grant"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_new_form" IS FALSE AS INTEGER) + CAST("c_newly_founded" IS FALSE AS INTEGER) + CAST("c_within_the_years" IS FALSE AS INTEGER) + CAST("c_in_being" IS FALSE AS INTEGER) + CAST("c_checked" IS FALSE AS INTEGER) AS n_no,
    CAST("c_new_form" IS NULL AS INTEGER) + CAST("c_newly_founded" IS NULL AS INTEGER) + CAST("c_within_the_years" IS NULL AS INTEGER) + CAST("c_in_being" IS NULL AS INTEGER) + CAST("c_checked" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_new_form" IS TRUE AS INTEGER) + CAST("s_newly_founded" IS TRUE AS INTEGER) + CAST("s_within_the_years" IS TRUE AS INTEGER) + CAST("s_in_being" IS TRUE AS INTEGER) + CAST("s_checked" IS TRUE AS INTEGER) AS n_stated,
    ("c_new_form" IS FALSE AND "m_new_form" IS TRUE) OR ("c_newly_founded" IS FALSE AND "m_newly_founded" IS TRUE) OR ("c_within_the_years" IS FALSE AND "m_within_the_years" IS TRUE) OR ("c_in_being" IS FALSE AND "m_in_being" IS TRUE) OR ("c_checked" IS FALSE AND "m_checked" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 5 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_grant" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_new_form",
  "c_newly_founded",
  "c_within_the_years",
  "c_in_being",
  "c_checked",
  "s_new_form",
  "s_newly_founded",
  "s_within_the_years",
  "s_in_being",
  "s_checked",
  "m_new_form",
  "m_newly_founded",
  "m_within_the_years",
  "m_in_being",
  "m_checked",
  "a_grant"
FROM counted
ORDER BY subject_id
