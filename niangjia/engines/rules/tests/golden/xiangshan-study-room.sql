WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2022-09-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    b."f_has_child_under_18" AS "c_child",
    b."f_has_child_under_18" AS "s_child",
    CAST(NULL AS BOOLEAN) AS "m_child",
    b."f_hardship_in_file" AS "c_in_file",
    b."f_hardship_in_file" AS "s_in_file",
    CAST(NULL AS BOOLEAN) AS "m_in_file",
    CASE WHEN b."p_study_space_poor" >= 4 THEN b."f_study_space_poor" END AS "c_poor_space",
    b."f_study_space_poor" AS "s_poor_space",
    CAST(NULL AS BOOLEAN) AS "m_poor_space",
    CASE WHEN CASE WHEN (COALESCE(b."f_study_room_estimate", b."l_study_room_estimate")) IS NULL OR (CAST(1000000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_study_room_estimate", b."l_study_room_estimate"), CAST(1000000 AS BIGINT)) END = LEAST(COALESCE(b."f_study_room_estimate", b."h_study_room_estimate"), CAST(1000000 AS BIGINT)) THEN CASE WHEN (COALESCE(b."f_study_room_estimate", b."l_study_room_estimate")) IS NULL OR (CAST(1000000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_study_room_estimate", b."l_study_room_estimate"), CAST(1000000 AS BIGINT)) END END AS "a_cost"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_child" IS FALSE AS INTEGER) + CAST("c_in_file" IS FALSE AS INTEGER) + CAST("c_poor_space" IS FALSE AS INTEGER) AS n_no,
    CAST("c_child" IS NULL AS INTEGER) + CAST("c_in_file" IS NULL AS INTEGER) + CAST("c_poor_space" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_child" IS TRUE AS INTEGER) + CAST("s_in_file" IS TRUE AS INTEGER) + CAST("s_poor_space" IS TRUE AS INTEGER) AS n_stated,
    ("c_child" IS FALSE AND "m_child" IS TRUE) OR ("c_in_file" IS FALSE AND "m_in_file" IS TRUE) OR ("c_poor_space" IS FALSE AND "m_poor_space" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 3 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_cost" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_child",
  "c_in_file",
  "c_poor_space",
  "s_child",
  "s_in_file",
  "s_poor_space",
  "m_child",
  "m_in_file",
  "m_poor_space",
  "a_cost"
FROM counted
ORDER BY subject_id
