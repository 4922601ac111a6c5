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
    ((CASE WHEN b."p_mothers_room_accepted_on" >= 4 THEN b."f_mothers_room_accepted_on" END >= DATE '2022-01-01') AND (CASE WHEN b."p_mothers_room_accepted_on" >= 4 THEN b."f_mothers_room_accepted_on" END <= DATE '2022-12-31')) AS "c_new_this_year",
    ((b."f_mothers_room_accepted_on" >= DATE '2022-01-01') AND (b."f_mothers_room_accepted_on" <= DATE '2022-12-31')) AS "s_new_this_year",
    CAST(NULL AS BOOLEAN) AS "m_new_this_year"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_new_this_year" IS FALSE AS INTEGER) AS n_no,
    CAST("c_new_this_year" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_new_this_year" IS TRUE AS INTEGER) AS n_stated,
    ("c_new_this_year" IS FALSE AND "m_new_this_year" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 1 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CAST(NULL AS BIGINT) AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_new_this_year",
  "s_new_this_year",
  "m_new_this_year"
FROM counted
ORDER BY subject_id
