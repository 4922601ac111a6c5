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
    (b."f_degree_level" IN ('college', 'bachelor', 'master')) AS "c_degree",
    (b."f_degree_level" IN ('college', 'bachelor', 'master')) AS "s_degree",
    CAST(NULL AS BOOLEAN) AS "m_degree",
    (CASE WHEN b."p_admission_letter" >= 2 THEN b."f_admission_letter" END OR CASE WHEN b."p_degree_diploma" >= 2 THEN b."f_degree_diploma" END) AS "c_paper",
    (b."f_admission_letter" OR b."f_degree_diploma") AS "s_paper",
    CAST(NULL AS BOOLEAN) AS "m_paper",
    CAST(300000 AS BIGINT) AS "a_grant"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_member" IS FALSE AS INTEGER) + CAST("c_degree" IS FALSE AS INTEGER) + CAST("c_paper" IS FALSE AS INTEGER) AS n_no,
    CAST("c_member" IS NULL AS INTEGER) + CAST("c_degree" IS NULL AS INTEGER) + CAST("c_paper" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_member" IS TRUE AS INTEGER) + CAST("s_degree" IS TRUE AS INTEGER) + CAST("s_paper" IS TRUE AS INTEGER) AS n_stated,
    ("c_member" IS FALSE AND "m_member" IS TRUE) OR ("c_degree" IS FALSE AND "m_degree" IS TRUE) OR ("c_paper" IS FALSE AND "m_paper" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 3 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_grant" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_member",
  "c_degree",
  "c_paper",
  "s_member",
  "s_degree",
  "s_paper",
  "m_member",
  "m_degree",
  "m_paper",
  "a_grant"
FROM counted
ORDER BY subject_id
