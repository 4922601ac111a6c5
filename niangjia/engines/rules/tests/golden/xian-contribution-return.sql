WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE LEAST(GREATEST(d.as_of, DATE '2022-01-01'), DATE '2022-12-31') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN CASE WHEN b."p_contribution_paid_while_small" >= 2 THEN COALESCE(b."f_contribution_paid_while_small", b."l_contribution_paid_while_small") END > CAST(0 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_contribution_paid_while_small" >= 2 THEN COALESCE(b."f_contribution_paid_while_small", b."h_contribution_paid_while_small") END <= CAST(0 AS BIGINT) THEN FALSE END AS "c_paid_while_small",
    CASE WHEN COALESCE(b."f_contribution_paid_while_small", b."l_contribution_paid_while_small") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_contribution_paid_while_small", b."h_contribution_paid_while_small") <= CAST(0 AS BIGINT) THEN FALSE END AS "s_paid_while_small",
    CAST(NULL AS BOOLEAN) AS "m_paid_while_small",
    CASE WHEN CAST(((CAST(COALESCE(b."f_contribution_paid_while_small", b."l_contribution_paid_while_small") AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_contribution_paid_while_small", b."l_contribution_paid_while_small") AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) = CAST(((CAST(COALESCE(b."f_contribution_paid_while_small", b."h_contribution_paid_while_small") AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_contribution_paid_while_small", b."h_contribution_paid_while_small") AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) THEN CAST(((CAST(COALESCE(b."f_contribution_paid_while_small", b."l_contribution_paid_while_small") AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_contribution_paid_while_small", b."l_contribution_paid_while_small") AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) END AS "a_returned"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_paid_while_small" IS FALSE AS INTEGER) AS n_no,
    CAST("c_paid_while_small" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_paid_while_small" IS TRUE AS INTEGER) AS n_stated,
    ("c_paid_while_small" IS FALSE AND "m_paid_while_small" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 1 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_returned" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_paid_while_small",
  "s_paid_while_small",
  "m_paid_while_small",
  "a_returned"
FROM counted
ORDER BY subject_id
