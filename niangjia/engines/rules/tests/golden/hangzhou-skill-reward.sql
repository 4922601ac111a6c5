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
    (CASE WHEN b."p_skill_level" >= 3 THEN b."f_skill_level" END IN ('senior', 'technician', 'senior_technician', 'special_technician', 'chief_technician')) AS "c_grade",
    (b."f_skill_level" IN ('senior', 'technician', 'senior_technician', 'special_technician', 'chief_technician')) AS "s_grade",
    CAST(NULL AS BOOLEAN) AS "m_grade",
    (CASE WHEN b."p_skill_certified_by" >= 3 THEN b."f_skill_certified_by" END = 'enterprise') AS "c_by_employer",
    (b."f_skill_certified_by" = 'enterprise') AS "s_by_employer",
    CAST(NULL AS BOOLEAN) AS "m_by_employer",
    CAST(100000 AS BIGINT) AS "a_reward"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_grade" IS FALSE AS INTEGER) + CAST("c_by_employer" IS FALSE AS INTEGER) AS n_no,
    CAST("c_grade" IS NULL AS INTEGER) + CAST("c_by_employer" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_grade" IS TRUE AS INTEGER) + CAST("s_by_employer" IS TRUE AS INTEGER) AS n_stated,
    ("c_grade" IS FALSE AND "m_grade" IS TRUE) OR ("c_by_employer" IS FALSE AND "m_by_employer" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_reward" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_grade",
  "c_by_employer",
  "s_grade",
  "s_by_employer",
  "m_grade",
  "m_by_employer",
  "a_reward"
FROM counted
ORDER BY subject_id
