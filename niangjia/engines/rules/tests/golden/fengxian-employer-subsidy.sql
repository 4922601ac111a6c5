WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2020-06-10') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN CASE WHEN b."p_holder_monthly_wage" >= 3 THEN COALESCE(b."f_holder_monthly_wage", b."l_holder_monthly_wage") END >= CAST(300000 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_holder_monthly_wage" >= 3 THEN COALESCE(b."f_holder_monthly_wage", b."h_holder_monthly_wage") END < CAST(300000 AS BIGINT) THEN FALSE END AS "c_wage_reached",
    CASE WHEN COALESCE(b."f_holder_monthly_wage", b."l_holder_monthly_wage") >= CAST(300000 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_holder_monthly_wage", b."h_holder_monthly_wage") < CAST(300000 AS BIGINT) THEN FALSE END AS "s_wage_reached",
    CAST(NULL AS BOOLEAN) AS "m_wage_reached",
    CAST(100001 AS BIGINT) AS "a_subsidy",
    CAST(((CAST(CAST(100001 AS BIGINT) AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(CAST(100001 AS BIGINT) AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS "a_district_part",
    CAST(CAST(CAST(100001 AS BIGINT) AS HUGEINT) - CAST(((CAST(CAST(100001 AS BIGINT) AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(CAST(100001 AS BIGINT) AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) AS "a_town_part"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_wage_reached" IS FALSE AS INTEGER) AS n_no,
    CAST("c_wage_reached" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_wage_reached" IS TRUE AS INTEGER) AS n_stated,
    ("c_wage_reached" IS FALSE AND "m_wage_reached" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 1 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_subsidy" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_wage_reached",
  "s_wage_reached",
  "m_wage_reached",
  "a_subsidy",
  "a_district_part",
  "a_town_part"
FROM counted
ORDER BY subject_id
