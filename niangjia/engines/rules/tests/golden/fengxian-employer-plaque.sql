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
    CASE WHEN COALESCE(b."f_voucher_holders_full_year", b."l_voucher_holders_full_year") >= CAST(5 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_voucher_holders_full_year", b."h_voucher_holders_full_year") < CAST(5 AS BIGINT) THEN FALSE END AS "c_enough_holders",
    CASE WHEN COALESCE(b."f_voucher_holders_full_year", b."l_voucher_holders_full_year") >= CAST(5 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_voucher_holders_full_year", b."h_voucher_holders_full_year") < CAST(5 AS BIGINT) THEN FALSE END AS "s_enough_holders",
    CAST(CASE WHEN COALESCE(b."f_voucher_holders_full_year", b."l_voucher_holders_full_year") >= CAST(CAST(CAST(5 AS BIGINT) AS HUGEINT) - CAST(1 AS BIGINT) AS BIGINT) THEN TRUE WHEN COALESCE(b."f_voucher_holders_full_year", b."h_voucher_holders_full_year") < CAST(CAST(CAST(5 AS BIGINT) AS HUGEINT) - CAST(1 AS BIGINT) AS BIGINT) THEN FALSE END AS BOOLEAN) AS "m_enough_holders",
    CAST(2000000 AS BIGINT) AS "a_reward"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_enough_holders" IS FALSE AS INTEGER) AS n_no,
    CAST("c_enough_holders" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_enough_holders" IS TRUE AS INTEGER) AS n_stated,
    ("c_enough_holders" IS FALSE AND "m_enough_holders" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 1 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_reward" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_enough_holders",
  "s_enough_holders",
  "m_enough_holders",
  "a_reward"
FROM counted
ORDER BY subject_id
