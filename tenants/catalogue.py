"""The catalogue check: asks PostgreSQL whether every tenant table stands behind its wall."""

from dataclasses import dataclass

import sqlalchemy as sa

# Each row is a fault. Unlisted new tables fail closed; an exemption carries its reason beside it.
_FAULTS = r"""
WITH
exempt(relname, rule) AS (VALUES
  ('alembic_version', 'no tenant column'),
  ('ledger_cursor',   'no tenant column'),          -- how far each reader of the ledger has come
  ('ledger',          'workspace_id nullable'),     -- events of the agency itself
  ('job',             'workspace_id nullable'),     -- work of the agency itself
  ('host',            'workspace_id nullable'),     -- hosts of the agency itself
  ('workspace',       'unique key not led by the tenant column'), -- slugs within one agency
  -- host names and whose they are can be looked up by anybody
  ('host',            'no restrictive tenant policy with USING and WITH CHECK'),
  ('host',            'unique key not led by the tenant column')  -- a host name is one by nature
),
rel AS (
  SELECT c.oid, c.relname::text, c.relrowsecurity AS rls, c.relforcerowsecurity AS forced,
         ag.attnum AS ag, ag.attnotnull AS ag_nn, ws.attnum AS ws, ws.attnotnull AS ws_nn
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  LEFT JOIN pg_attribute ag ON ag.attrelid = c.oid AND NOT ag.attisdropped
       AND ag.attname = CASE c.relname WHEN 'agency' THEN 'id' ELSE 'agency_id' END
  LEFT JOIN pg_attribute ws ON ws.attrelid = c.oid AND NOT ws.attisdropped
       AND ws.attname = CASE c.relname WHEN 'workspace' THEN 'id' ELSE 'workspace_id' END
  WHERE c.relkind IN ('r', 'p')
),
app AS (SELECT * FROM pg_roles WHERE rolname = 'livery_app'),
pol AS (
  SELECT p.polrelid, p.polname, p.polpermissive, p.polcmd,
         (0 = ANY (p.polroles) OR (SELECT oid FROM app) = ANY (p.polroles)) AS binds_app,
         pg_get_expr(p.polqual, p.polrelid) AS q, pg_get_expr(p.polwithcheck, p.polrelid) AS c
  FROM pg_policy p
),
fk AS (
  SELECT k.conname, k.conrelid, k.confrelid,
         array_agg(u.a) AS a, array_agg(u.b) AS b, array_agg(u.a || '=' || u.b) AS pairs
  FROM pg_constraint k CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u(a, b)
  WHERE k.contype = 'f' GROUP BY 1, 2, 3
),
failure(relname, rule, detail) AS (
  SELECT relname, 'no tenant column', '' FROM rel WHERE ag IS NULL
  UNION ALL SELECT relname, 'RLS not enabled and forced', '' FROM rel
    WHERE ag IS NOT NULL AND NOT (rls AND forced)
  UNION ALL SELECT relname, 'agency_id nullable', '' FROM rel WHERE NOT ag_nn
  UNION ALL SELECT relname, 'workspace_id nullable', '' FROM rel WHERE NOT ws_nn
  UNION ALL SELECT relname, 'no restrictive tenant policy with USING and WITH CHECK', '' FROM rel
    WHERE ag IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM pol
      WHERE polrelid = rel.oid AND NOT polpermissive AND polcmd = '*' AND binds_app
        AND q ~ CASE relname WHEN 'agency' THEN '\mid\M' ELSE '\magency_id\M' END
        AND c ~ CASE relname WHEN 'agency' THEN '\mid\M' ELSE '\magency_id\M' END
        AND (ws IS NULL OR relname = 'workspace' OR (
          q ~ '\mworkspace_id\M' AND c ~ '\mworkspace_id\M')))
  UNION ALL SELECT relname, 'unique key not led by the tenant column',
      i.indexrelid::regclass::text
    FROM rel JOIN pg_index i ON i.indrelid = rel.oid AND i.indisunique AND NOT i.indisprimary
    WHERE relname <> 'agency' AND ag IS NOT NULL
      AND NOT (i.indkey[0] IN (ag, coalesce(ws, ag))
        AND (ws IS NULL OR ws = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])))
  UNION ALL SELECT r.relname, 'foreign key does not pair the tenant column', fk.conname::text
    FROM fk JOIN rel r ON r.oid = fk.conrelid JOIN rel s ON s.oid = fk.confrelid
    WHERE r.ag IS NOT NULL AND s.ag IS NOT NULL
      AND NOT (CASE WHEN r.ws IS NOT NULL AND s.ws IS NOT NULL
                    THEN r.ws || '=' || s.ws ELSE r.ag || '=' || s.ag END = ANY (fk.pairs))
  UNION ALL SELECT relname, 'app role holds TRUNCATE, REFERENCES or TRIGGER', '' FROM rel, app
    WHERE has_table_privilege(app.oid, rel.oid, 'TRUNCATE, REFERENCES, TRIGGER')
  UNION ALL SELECT c.relname, 'view without security_invoker', '' FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relkind = 'v' AND NOT coalesce(c.reloptions &&
      '{security_invoker=true,security_invoker=on,security_invoker=1}'::text[], false)
  UNION ALL SELECT c.relname, 'materialized view', '' FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' WHERE c.relkind = 'm'
  UNION ALL SELECT p.proname, 'SECURITY DEFINER function', '' FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public' WHERE p.prosecdef
  UNION ALL SELECT rolname, 'app role is superuser, BYPASSRLS, a member, or an owner', '' FROM app
    WHERE rolsuper OR rolbypassrls
       OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = app.oid)
       OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = app.oid)
  UNION ALL SELECT 'livery_app', 'app role missing', '' WHERE NOT EXISTS (SELECT 1 FROM app)
)
SELECT f.* FROM failure f
WHERE NOT EXISTS (SELECT 1 FROM exempt e WHERE e.relname = f.relname AND e.rule = f.rule)
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Fault:
    """One table, the rule it breaks, and the object that breaks it."""

    table: str
    rule: str
    detail: str


def find_wall_faults(connection: sa.Connection) -> list[Fault]:
    """Every gap in the walls; empty when all is well. Needs a role that reads the catalogue."""
    return [Fault(*row) for row in connection.exec_driver_sql(_FAULTS)]
