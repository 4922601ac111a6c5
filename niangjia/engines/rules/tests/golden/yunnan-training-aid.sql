WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2020-01-01') END AS lookup_day
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
    (b."f_training_wish" IN ('training', 'advice', 'guidance')) AS "c_wants_it",
    (b."f_training_wish" IN ('training', 'advice', 'guidance')) AS "s_wants_it",
    CAST(NULL AS BOOLEAN) AS "m_wants_it"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_in_file" IS FALSE AS INTEGER) + CAST("c_worker" IS FALSE AS INTEGER) + CAST("c_wants_it" IS FALSE AS INTEGER) AS n_no,
    CAST("c_in_file" IS NULL AS INTEGER) + CAST("c_worker" IS NULL AS INTEGER) + CAST("c_wants_it" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_in_file" IS TRUE AS INTEGER) + CAST("s_worker" IS TRUE AS INTEGER) + CAST("s_wants_it" IS TRUE AS INTEGER) AS n_stated,
    ("c_in_file" IS FALSE AND "m_in_file" IS TRUE) OR ("c_worker" IS FALSE AND "m_worker" IS TRUE) OR ("c_wants_it" IS FALSE AND "m_wants_it" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 3 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CAST(NULL AS BIGINT) AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_in_file",
  "c_worker",
  "c_wants_it",
  "s_in_file",
  "s_worker",
  "s_wants_it",
  "m_in_file",
  "m_worker",
  "m_wants_it"
FROM counted
ORDER BY subject_id
