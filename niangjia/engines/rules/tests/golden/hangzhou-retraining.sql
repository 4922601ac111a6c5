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
    CASE WHEN b."p_epidemic_job_change" >= 2 THEN b."f_epidemic_job_change" END AS "c_epidemic",
    b."f_epidemic_job_change" AS "s_epidemic",
    CAST(NULL AS BOOLEAN) AS "m_epidemic",
    CASE WHEN CASE WHEN b."p_training_hours_this_year" >= 2 THEN COALESCE(b."f_training_hours_this_year", b."l_training_hours_this_year") END >= CAST(24 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_training_hours_this_year" >= 2 THEN COALESCE(b."f_training_hours_this_year", b."h_training_hours_this_year") END < CAST(24 AS BIGINT) THEN FALSE END AS "c_attended",
    CASE WHEN COALESCE(b."f_training_hours_this_year", b."l_training_hours_this_year") >= CAST(24 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_training_hours_this_year", b."h_training_hours_this_year") < CAST(24 AS BIGINT) THEN FALSE END AS "s_attended",
    CAST(NULL AS BOOLEAN) AS "m_attended",
    CAST(18000 AS BIGINT) AS "a_fee"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_epidemic" IS FALSE AS INTEGER) + CAST("c_attended" IS FALSE AS INTEGER) AS n_no,
    CAST("c_epidemic" IS NULL AS INTEGER) + CAST("c_attended" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_epidemic" IS TRUE AS INTEGER) + CAST("s_attended" IS TRUE AS INTEGER) AS n_stated,
    ("c_epidemic" IS FALSE AND "m_epidemic" IS TRUE) OR ("c_attended" IS FALSE AND "m_attended" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_fee" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_epidemic",
  "c_attended",
  "s_epidemic",
  "s_attended",
  "m_epidemic",
  "m_attended",
  "a_fee"
FROM counted
ORDER BY subject_id
