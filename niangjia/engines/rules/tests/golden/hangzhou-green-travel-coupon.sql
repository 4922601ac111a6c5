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
    b."f_union_member" AS "c_member",
    b."f_union_member" AS "s_member",
    CAST(NULL AS BOOLEAN) AS "m_member",
    CAST(300 AS BIGINT) AS "a_coupon"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_member" IS FALSE AS INTEGER) AS n_no,
    CAST("c_member" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_member" IS TRUE AS INTEGER) AS n_stated,
    ("c_member" IS FALSE AND "m_member" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 1 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_coupon" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_member",
  "s_member",
  "m_member",
  "a_coupon"
FROM counted
ORDER BY subject_id
