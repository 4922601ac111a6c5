WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2022-01-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    b."f_district_top_100" AS "c_top_hundred",
    b."f_district_top_100" AS "s_top_hundred",
    CAST(NULL AS BOOLEAN) AS "m_top_hundred",
    b."f_has_union" AS "c_unionised",
    b."f_has_union" AS "s_unionised",
    CAST(NULL AS BOOLEAN) AS "m_unionised",
    CASE WHEN COALESCE(b."f_staff_count", b."l_staff_count") >= CAST(1 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_staff_count", b."h_staff_count") < CAST(1 AS BIGINT) THEN FALSE END AS "c_staff_known",
    CASE WHEN COALESCE(b."f_staff_count", b."l_staff_count") >= CAST(1 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_staff_count", b."h_staff_count") < CAST(1 AS BIGINT) THEN FALSE END AS "s_staff_known",
    CAST(NULL AS BOOLEAN) AS "m_staff_known",
    COALESCE(b."f_staff_count", CASE WHEN b."l_staff_count" = b."h_staff_count" THEN b."l_staff_count" END) AS "x_rank_key"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_top_hundred" IS FALSE AS INTEGER) + CAST("c_unionised" IS FALSE AS INTEGER) + CAST("c_staff_known" IS FALSE AS INTEGER) AS n_no,
    CAST("c_top_hundred" IS NULL AS INTEGER) + CAST("c_unionised" IS NULL AS INTEGER) + CAST("c_staff_known" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_top_hundred" IS TRUE AS INTEGER) + CAST("s_unionised" IS TRUE AS INTEGER) + CAST("s_staff_known" IS TRUE AS INTEGER) AS n_stated,
    ("c_top_hundred" IS FALSE AND "m_top_hundred" IS TRUE) OR ("c_unionised" IS FALSE AND "m_unionised" IS TRUE) OR ("c_staff_known" IS FALSE AND "m_staff_known" IS TRUE) AS is_near
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
  "c_top_hundred",
  "c_unionised",
  "c_staff_known",
  "s_top_hundred",
  "s_unionised",
  "s_staff_known",
  "m_top_hundred",
  "m_unionised",
  "m_staff_known",
  "x_rank_key"
FROM counted
ORDER BY subject_id
