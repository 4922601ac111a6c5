WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2022-07-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    (b."f_firm_size" IN ('large', 'medium', 'small', 'micro')) AS "c_enterprise",
    (b."f_firm_size" IN ('large', 'medium', 'small', 'micro')) AS "s_enterprise",
    CAST(NULL AS BOOLEAN) AS "m_enterprise",
    CASE WHEN CASE WHEN b."p_payroll_this_month" >= 3 THEN COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") END > CAST(0 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_payroll_this_month" >= 3 THEN COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") END <= CAST(0 AS BIGINT) THEN FALSE END AS "c_payroll",
    CASE WHEN COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") <= CAST(0 AS BIGINT) THEN FALSE END AS "s_payroll",
    CAST(NULL AS BOOLEAN) AS "m_payroll",
    CASE WHEN CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) = CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) THEN CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) END AS "a_due",
    CASE WHEN CAST(((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) - ((((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) = CAST(((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) - ((((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) THEN CAST(((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) - ((((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) END AS "a_deferred",
    CASE WHEN CAST(CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) - CAST(((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) - ((((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) = CAST(CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) - CAST(((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) - ((((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) THEN CAST(CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."l_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) - CAST(((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) - ((((CAST(CAST(((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_payroll_this_month", b."h_payroll_this_month") AS HUGEINT) * (CAST(20000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) * (CAST(200000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) END AS "a_paid_now"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_enterprise" IS FALSE AS INTEGER) + CAST("c_payroll" IS FALSE AS INTEGER) AS n_no,
    CAST("c_enterprise" IS NULL AS INTEGER) + CAST("c_payroll" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_enterprise" IS TRUE AS INTEGER) + CAST("s_payroll" IS TRUE AS INTEGER) AS n_stated,
    ("c_enterprise" IS FALSE AND "m_enterprise" IS TRUE) OR ("c_payroll" IS FALSE AND "m_payroll" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_deferred" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_enterprise",
  "c_payroll",
  "s_enterprise",
  "s_payroll",
  "m_enterprise",
  "m_payroll",
  "a_due",
  "a_deferred",
  "a_paid_now"
FROM counted
ORDER BY subject_id
