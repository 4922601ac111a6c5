WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2018-09-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN b."p_visit_listed" >= 4 THEN b."f_visit_listed" END AS "c_listed",
    b."f_visit_listed" AS "s_listed",
    CAST(NULL AS BOOLEAN) AS "m_listed",
    CAST(500000 AS BIGINT) AS "a_money"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_listed" IS FALSE AS INTEGER) AS n_no,
    CAST("c_listed" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_listed" IS TRUE AS INTEGER) AS n_stated,
    ("c_listed" IS FALSE AND "m_listed" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 1 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_money" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_listed",
  "s_listed",
  "m_listed",
  "a_money"
FROM counted
ORDER BY subject_id
