WITH dated AS (
  SELECT s.*,
    CAST(DATE '2020-03-01' AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2020-02-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    b."f_household__hardship_in_file" AS "c_in_file",
    b."f_household__hardship_in_file" AS "s_in_file",
    CAST(NULL AS BOOLEAN) AS "m_in_file",
    b."f_is_worker" AS "c_worker",
    b."f_is_worker" AS "s_worker",
    CAST(NULL AS BOOLEAN) AS "m_worker",
    CAST(200000 AS BIGINT) AS "a_consolation"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_in_file" IS FALSE AS INTEGER) + CAST("c_worker" IS FALSE AS INTEGER) AS n_no,
    CAST("c_in_file" IS NULL AS INTEGER) + CAST("c_worker" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_in_file" IS TRUE AS INTEGER) + CAST("s_worker" IS TRUE AS INTEGER) AS n_stated,
    ("c_in_file" IS FALSE AND "m_in_file" IS TRUE) OR ("c_worker" IS FALSE AND "m_worker" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_consolation" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_in_file",
  "c_worker",
  "s_in_file",
  "s_worker",
  "m_in_file",
  "m_worker",
  "a_consolation"
FROM counted
ORDER BY subject_id
