WITH dated AS (
  SELECT s.*,
    CAST(DATE '2022-07-11' AS DATE) AS as_of
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
    b."f_household__has_worker" AS "c_of_a_worker",
    b."f_household__has_worker" AS "s_of_a_worker",
    CAST(NULL AS BOOLEAN) AS "m_of_a_worker",
    (CAST(year(b.as_of) - year(b."f_born_on") - CASE WHEN month(b.as_of) * 100 + day(b.as_of) < month(b."f_born_on") * 100 + day(b."f_born_on") THEN 1 ELSE 0 END AS BIGINT) >= CAST(6 AS BIGINT)) AS "c_old_enough",
    (CAST(year(b.as_of) - year(b."f_born_on") - CASE WHEN month(b.as_of) * 100 + day(b.as_of) < month(b."f_born_on") * 100 + day(b."f_born_on") THEN 1 ELSE 0 END AS BIGINT) >= CAST(6 AS BIGINT)) AS "s_old_enough",
    CAST(NULL AS BOOLEAN) AS "m_old_enough",
    (CAST(year(b.as_of) - year(b."f_born_on") - CASE WHEN month(b.as_of) * 100 + day(b.as_of) < month(b."f_born_on") * 100 + day(b."f_born_on") THEN 1 ELSE 0 END AS BIGINT) <= CAST(12 AS BIGINT)) AS "c_young_enough",
    (CAST(year(b.as_of) - year(b."f_born_on") - CASE WHEN month(b.as_of) * 100 + day(b.as_of) < month(b."f_born_on") * 100 + day(b."f_born_on") THEN 1 ELSE 0 END AS BIGINT) <= CAST(12 AS BIGINT)) AS "s_young_enough",
    CAST(NULL AS BOOLEAN) AS "m_young_enough",
    CASE WHEN b."p_guardian_consent_to_class" >= 2 THEN b."f_guardian_consent_to_class" END AS "c_consent",
    b."f_guardian_consent_to_class" AS "s_consent",
    CAST(NULL AS BOOLEAN) AS "m_consent"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_of_a_worker" IS FALSE AS INTEGER) + CAST("c_old_enough" IS FALSE AS INTEGER) + CAST("c_young_enough" IS FALSE AS INTEGER) + CAST("c_consent" IS FALSE AS INTEGER) AS n_no,
    CAST("c_of_a_worker" IS NULL AS INTEGER) + CAST("c_old_enough" IS NULL AS INTEGER) + CAST("c_young_enough" IS NULL AS INTEGER) + CAST("c_consent" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_of_a_worker" IS TRUE AS INTEGER) + CAST("s_old_enough" IS TRUE AS INTEGER) + CAST("s_young_enough" IS TRUE AS INTEGER) + CAST("s_consent" IS TRUE AS INTEGER) AS n_stated,
    ("c_of_a_worker" IS FALSE AND "m_of_a_worker" IS TRUE) OR ("c_old_enough" IS FALSE AND "m_old_enough" IS TRUE) OR ("c_young_enough" IS FALSE AND "m_young_enough" IS TRUE) OR ("c_consent" IS FALSE AND "m_consent" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 4 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CAST(NULL AS BIGINT) AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_of_a_worker",
  "c_old_enough",
  "c_young_enough",
  "c_consent",
  "s_of_a_worker",
  "s_old_enough",
  "s_young_enough",
  "s_consent",
  "m_of_a_worker",
  "m_old_enough",
  "m_young_enough",
  "m_consent"
FROM counted
ORDER BY subject_id
