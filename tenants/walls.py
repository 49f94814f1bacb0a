"""Row security as migrations write it: the policies of one table, and who may do what with it.

Every tenant table has FORCE ROW LEVEL SECURITY, one permissive policy for the application role and
one restrictive tenant policy over it. The text of the policy is shaped for the planner: the setting
is read once (sub-select), and `<> 0` keeps row estimates those of the explicit predicate.
"""

from typing import Literal

Level = Literal["agency", "workspace", "either"]

APP_ROLE = "livery_app"
SYSTEM_ROLE = "livery_system"

_OPEN = "USING (true) WITH CHECK (true)"
_AGENCY = "agency_id = (SELECT nullif(current_setting('app.agency_id', true), '')::uuid)"
_VISIBLE = "((SELECT nullif(current_setting('app.workspace_ids', true), '')::uuid[])::uuid[])"


def wall(
    table: str,
    level: Level,
    *,
    app: str = "SELECT, INSERT, UPDATE, DELETE",
    system: str = "",
    agency_column: str = "agency_id",
    workspace_column: str = "workspace_id",
) -> list[str]:
    """The statements that put `table` behind its wall.

    `either` is for rows that belong to a workspace, or to the agency itself when workspace_id is
    null: the agency's own id stands in the scope of agency-wide people. `app` and `system` are the
    privileges of the two roles; the system role sees every row of the tables it is granted.
    """
    rule = _AGENCY.replace("agency_id =", f"{agency_column} =", 1)
    if level != "agency":
        column = (
            workspace_column
            if level == "workspace"
            else f"coalesce({workspace_column}, {agency_column})"
        )
        rule += f" AND (CASE WHEN {column} = ANY ({_VISIBLE}) THEN 1 ELSE 0 END) <> 0"
    closed = f"USING ({rule}) WITH CHECK ({rule})"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY allow ON {table} FOR ALL TO {APP_ROLE} {_OPEN}",
        f"CREATE POLICY tenant ON {table} AS RESTRICTIVE FOR ALL TO {APP_ROLE} {closed}",
        f"GRANT {app} ON {table} TO {APP_ROLE}",
    ]
    if system:
        statements += [
            f"CREATE POLICY finder ON {table} FOR ALL TO {SYSTEM_ROLE} {_OPEN}",
            f"GRANT {system} ON {table} TO {SYSTEM_ROLE}",
        ]
    return statements
