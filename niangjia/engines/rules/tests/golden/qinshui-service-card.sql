WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2023-09-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN b."p_service_card_in_force" >= 2 THEN b."f_service_card_in_force" END AS "c_card",
    b."f_service_card_in_force" AS "s_card",
    CAST(NULL AS BOOLEAN) AS "m_card",
    CASE WHEN CASE WHEN b."p_card_bills_this_month" >= 3 THEN COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") END > CAST(0 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_card_bills_this_month" >= 3 THEN COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") END <= CAST(0 AS BIGINT) THEN FALSE END AS "c_served",
    CASE WHEN COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") <= CAST(0 AS BIGINT) THEN FALSE END AS "s_served",
    CAST(NULL AS BOOLEAN) AS "m_served",
    CASE WHEN COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") = COALESCE(b."f_card_sessions_billed", b."h_card_sessions_billed") AND COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") = COALESCE(b."f_card_sessions_confirmed", b."l_card_sessions_confirmed") AND COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") = COALESCE(b."f_card_sessions_confirmed", b."h_card_sessions_confirmed") THEN TRUE WHEN COALESCE(b."f_card_sessions_billed", b."h_card_sessions_billed") < COALESCE(b."f_card_sessions_confirmed", b."l_card_sessions_confirmed") OR COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") > COALESCE(b."f_card_sessions_confirmed", b."h_card_sessions_confirmed") THEN FALSE END AS "c_confirmed",
    CASE WHEN COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") = COALESCE(b."f_card_sessions_billed", b."h_card_sessions_billed") AND COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") = COALESCE(b."f_card_sessions_confirmed", b."l_card_sessions_confirmed") AND COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") = COALESCE(b."f_card_sessions_confirmed", b."h_card_sessions_confirmed") THEN TRUE WHEN COALESCE(b."f_card_sessions_billed", b."h_card_sessions_billed") < COALESCE(b."f_card_sessions_confirmed", b."l_card_sessions_confirmed") OR COALESCE(b."f_card_sessions_billed", b."l_card_sessions_billed") > COALESCE(b."f_card_sessions_confirmed", b."h_card_sessions_confirmed") THEN FALSE END AS "s_confirmed",
    CAST(NULL AS BOOLEAN) AS "m_confirmed",
    CASE WHEN CAST(((CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) = CAST(((CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) THEN CAST(((CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) END AS "a_union_part",
    CASE WHEN CAST(CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) - CAST(((CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) = CAST(CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) - CAST(((CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) THEN CAST(CAST(COALESCE(b."f_card_bills_this_month", b."l_card_bills_this_month") AS HUGEINT) - CAST(((CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) - ((((CAST(COALESCE(b."f_card_bills_this_month", b."h_card_bills_this_month") AS HUGEINT) * (CAST(500000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) END AS "a_worker_part"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_card" IS FALSE AS INTEGER) + CAST("c_served" IS FALSE AS INTEGER) + CAST("c_confirmed" IS FALSE AS INTEGER) AS n_no,
    CAST("c_card" IS NULL AS INTEGER) + CAST("c_served" IS NULL AS INTEGER) + CAST("c_confirmed" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_card" IS TRUE AS INTEGER) + CAST("s_served" IS TRUE AS INTEGER) + CAST("s_confirmed" IS TRUE AS INTEGER) AS n_stated,
    ("c_card" IS FALSE AND "m_card" IS TRUE) OR ("c_served" IS FALSE AND "m_served" IS TRUE) OR ("c_confirmed" IS FALSE AND "m_confirmed" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 3 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_union_part" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_card",
  "c_served",
  "c_confirmed",
  "s_card",
  "s_served",
  "s_confirmed",
  "m_card",
  "m_served",
  "m_confirmed",
  "a_union_part",
  "a_worker_part"
FROM counted
ORDER BY subject_id
