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
    CASE WHEN COALESCE(b."f_front_line_workers", b."l_front_line_workers") >= CAST(1 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_front_line_workers", b."h_front_line_workers") < CAST(1 AS BIGINT) THEN FALSE END AS "c_front_line",
    CASE WHEN COALESCE(b."f_front_line_workers", b."l_front_line_workers") >= CAST(1 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_front_line_workers", b."h_front_line_workers") < CAST(1 AS BIGINT) THEN FALSE END AS "s_front_line",
    CAST(NULL AS BOOLEAN) AS "m_front_line",
    COALESCE(b."f_front_line_workers", CASE WHEN b."l_front_line_workers" = b."h_front_line_workers" THEN b."l_front_line_workers" END) AS "x_rank_key"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_front_line" IS FALSE AS INTEGER) AS n_no,
    CAST("c_front_line" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_front_line" IS TRUE AS INTEGER) AS n_stated,
    ("c_front_line" IS FALSE AND "m_front_line" IS TRUE) AS is_near
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
  "c_front_line",
  "s_front_line",
  "m_front_line",
  "x_rank_key"
FROM counted
ORDER BY subject_id
