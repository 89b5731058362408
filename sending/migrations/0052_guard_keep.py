"""PostgreSQL keeps the plans of what the guard stores for one message that leaves.

The text is that of `sending/guard/storing.py`. Whoever changes it there makes a function with
another name in a migration of its own: workers of the version before still call this one.
"""

from django.db import migrations

from sending.migrations._storage import function_of_postgresql

KEEP = """
CREATE FUNCTION guard_keep(
    _own bigint, _at timestamptz, _minute int,
    _message bigint, _number bigint, _thousand bigint, _hundred int,
    _country text, _address bigint, _key bigint, _cost bigint,
    _ten bigint, _lakh bigint
) RETURNS TABLE (_counter varchar, _spent bigint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
INSERT INTO sending_guardevent (organization_id, at, message_id, number_digest, block, hundred,
    country, address_digest, api_key_id, cost_micro, is_held)
    VALUES (_own, _at, _message, _number, _thousand, _hundred, _country, _address, _key, _cost,
    false);
RETURN QUERY INSERT INTO sending_guardcounter (organization_id, dimension, bucket, minute, sent,
    verified, cost_micro) SELECT _own, v.dimension, v.bucket, v.minute, 1, 0, _cost
    FROM (VALUES ('10k', NULLIF(_ten, 0)::text, _minute / 1 * 1),
    ('C', _country, _minute / 1 * 1), ('CD', _country, _minute / 1440 * 1440),
    ('CH', _country, _minute / 60 * 60), ('KD', _key::text, _minute / 1440 * 1440),
    ('KH', _key::text, _minute / 60 * 60), ('OD', '', _minute / 1440 * 1440),
    ('OH', '', _minute / 60 * 60), ('lak', NULLIF(_lakh, 0)::text, _minute / 1 * 1))
    AS v(dimension, bucket, minute) WHERE v.bucket IS NOT NULL
    ON CONFLICT (organization_id, dimension, bucket, minute)
    DO UPDATE SET sent = sending_guardcounter.sent + excluded.sent,
    verified = sending_guardcounter.verified + excluded.verified,
    cost_micro = sending_guardcounter.cost_micro + excluded.cost_micro
    RETURNING dimension, cost_micro;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("sending", "0051_batch_task_gateway")]

    operations = [function_of_postgresql("guard_keep", KEEP)]
