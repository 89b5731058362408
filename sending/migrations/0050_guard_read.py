"""PostgreSQL keeps the plan of what the guard reads for one message.

The text is that of `sending/guard/reading.py`. Whoever changes it there makes a function with
another name in a migration of its own: workers of the version before still call this one.
"""

from django.db import migrations

from sending.migrations._storage import function_of_postgresql

READ = """
CREATE FUNCTION guard_read(
    _own bigint, _at timestamptz, _minute int,
    _known bigint[], _number bigint, _thousand bigint,
    _ten bigint, _lakh bigint, _country text,
    _key bigint, _address bigint
) RETURNS text
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
PERFORM pg_advisory_xact_lock(_number);
RETURN (SELECT json_build_array(
    ((SELECT json_agg(number_digest) FROM sending_guardtrust WHERE organization_id = p.own
      AND number_digest = ANY(p.known) AND until > p.at)),
    ((SELECT json_agg(json_build_array(number_digest, in_hour, in_day, hour_since, day_since))
      FROM (SELECT number_digest,
      COUNT(*) FILTER (WHERE at > p.at - interval '3600 seconds') AS in_hour,
      COUNT(*) AS in_day,
      MIN(at) FILTER (WHERE at > p.at - interval '3600 seconds') AS hour_since,
      MIN(at) AS day_since FROM sending_guardevent WHERE organization_id = p.own
      AND number_digest = ANY(p.numbers) AND at > p.at - interval '86400 seconds'
      AND NOT is_held GROUP BY number_digest) AS n)),
    ((SELECT json_agg(json_build_array(block, hundred, numbers, neighbours, verified))
      FROM (SELECT block, hundred, COUNT(DISTINCT number_digest) AS numbers,
      COUNT(DISTINCT CASE
      WHEN at > p.at - interval '600 seconds' THEN number_digest END) AS neighbours,
      COUNT(converted_at) AS verified FROM sending_guardevent WHERE organization_id = p.own
      AND block = ANY(p.thousands) AND at > p.at - interval '3600 seconds'
      AND NOT is_held GROUP BY block, hundred) AS k)),
    ((SELECT json_agg(json_build_array(address_digest, numbers, verified_hour, country,
      verified_day)) FROM (SELECT address_digest, COUNT(DISTINCT CASE
      WHEN at > p.at - interval '3600 seconds' THEN number_digest END) AS numbers, COUNT(CASE
      WHEN at > p.at - interval '3600 seconds' THEN converted_at END) AS verified_hour, country,
      COUNT(converted_at) AS verified_day
      FROM (SELECT address_digest, at, number_digest, country, converted_at
      FROM sending_guardevent  WHERE organization_id = p.own
      AND address_digest = ANY(p.addresses)  AND address_digest <> 0
      AND at > p.at - interval '86400 seconds' AND NOT is_held
      ORDER BY at DESC LIMIT 5000) AS e GROUP BY address_digest, country) AS a)),
    ((SELECT json_object_agg(w.dimension || ' ' || b.value,
    ((SELECT json_build_array(COALESCE(SUM(CASE
      WHEN minute >= p.minute + -59 THEN sent ELSE 0 END), 0), COALESCE(SUM(CASE
      WHEN minute <= p.minute + -6 THEN sent ELSE 0 END), 0), COALESCE(SUM(CASE
      WHEN minute <= p.minute + -6 THEN verified ELSE 0 END), 0),
      COALESCE(SUM(cost_micro), 0)) FROM sending_guardcounter WHERE organization_id = p.own
      AND dimension = w.dimension AND bucket = b.value AND minute >= w.since))) FROM (VALUES
      ('10k', p.tens, p.minute + -359), ('lak', p.lakhs, p.minute + -359),
      ('C', p.countries, p.minute + -59), ('OH', ARRAY[''], p.minute / 60 * 60), ('OD',
      ARRAY[''], p.minute / 1440 * 1440), ('CH', p.countries, p.minute / 60 * 60),
      ('CD', p.countries, p.minute / 1440 * 1440), ('KH', p.keys, p.minute / 60 * 60),
      ('KD', p.keys, p.minute / 1440 * 1440)) AS w(dimension, buckets, since)
      CROSS JOIN unnest(w.buckets) AS b(value))),
    ((SELECT json_object_agg(k.value, (SELECT MIN(minute) FROM sending_guardcounter
      WHERE organization_id = p.own AND dimension = 'KH' AND bucket = k.value))
      FROM unnest(p.keys) AS k(value))),
    ((SELECT json_agg(json_build_array(rule, dimension, bucket, action, counted, threshold,
      until, times, created_by_id IS NOT NULL)) FROM sending_guardblock
      WHERE organization_id = p.own AND dimension IN
      ('1k', '10k', 'lak', 'C', 'IP', 'OH', 'OD', 'CH', 'CD', 'KH', 'KD')
      AND bucket = ANY(p.buckets) AND until > p.at - interval '86400 seconds')))::text
    FROM (SELECT _own AS own, _at AS at, _minute AS minute, _known AS known,
      ARRAY[_number] AS numbers, ARRAY[_thousand] AS thousands,
      ARRAY[_address] AS addresses, ARRAY[_key::text] AS keys, ARRAY[_ten::text] AS tens,
      ARRAY[_lakh::text] AS lakhs, ARRAY[_country] AS countries,
      ARRAY['', _thousand::text, _address::text, _ten::text, _lakh::text, _country, _key::text]
      AS buckets) AS p);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("sending", "0049_what_receipts_have_shown")]

    operations = [function_of_postgresql("guard_read", READ)]
