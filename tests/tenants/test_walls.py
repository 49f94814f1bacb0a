"""The catalogue check finds no gap, and finds each gap that is planted."""

import pytest
import sqlalchemy as sa

from tenants.catalogue import find_wall_faults
from tenants.walls import wall


def test_every_table_stands_behind_its_wall(owner: sa.Connection):
    assert find_wall_faults(owner) == []


SIMPLE_FOREIGN_KEY = """
ALTER TABLE contact ADD UNIQUE (id);
ALTER TABLE conversation ADD FOREIGN KEY (contact_id) REFERENCES contact (id)
"""


def rules_of(owner: sa.Connection, table: str) -> set[str]:
    return {fault.rule for fault in find_wall_faults(owner) if fault.table == table}


def test_a_table_without_a_tenant_column_is_found(owner: sa.Connection):
    owner.exec_driver_sql("CREATE TABLE planted (id uuid PRIMARY KEY)")

    assert rules_of(owner, "planted") == {"no tenant column"}


def test_a_table_without_row_security_is_found(owner: sa.Connection):
    owner.exec_driver_sql("CREATE TABLE planted (agency_id uuid NOT NULL, id uuid PRIMARY KEY)")

    assert "RLS not enabled and forced" in rules_of(owner, "planted")


@pytest.mark.parametrize(
    ("weakening", "rule"),
    [
        ("ALTER TABLE contact NO FORCE ROW LEVEL SECURITY", "RLS not enabled and forced"),
        ("ALTER TABLE contact DISABLE ROW LEVEL SECURITY", "RLS not enabled and forced"),
        (
            "DROP POLICY tenant ON contact",
            "no restrictive tenant policy with USING and WITH CHECK",
        ),
        ("ALTER TABLE contact ALTER workspace_id DROP NOT NULL", "workspace_id nullable"),
        (
            "CREATE UNIQUE INDEX planted ON contact (email)",
            "unique key not led by the tenant column",
        ),
        (
            SIMPLE_FOREIGN_KEY,
            "foreign key does not pair the tenant column",
        ),
        (
            "GRANT TRUNCATE ON contact TO livery_app",
            "app role holds TRUNCATE, REFERENCES or TRIGGER",
        ),
    ],
)
def test_a_weakened_wall_is_found(owner: sa.Connection, weakening: str, rule: str):
    if "workspace_id DROP NOT NULL" in weakening:
        owner.exec_driver_sql("ALTER TABLE contact DROP CONSTRAINT pk_contact CASCADE")
    owner.exec_driver_sql(weakening)

    assert rule in rules_of(owner, "contact") | rules_of(owner, "conversation")


def test_an_application_role_with_a_back_door_is_found(owner: sa.Connection):
    owner.exec_driver_sql("GRANT livery_system TO livery_app")

    assert {fault.rule for fault in find_wall_faults(owner)} == {
        "app role is superuser, BYPASSRLS, a member, or an owner"
    }


def test_the_wall_of_a_workspace_names_both_tenants():
    policy = next(statement for statement in wall("t", "workspace") if "RESTRICTIVE" in statement)

    assert "agency_id" in policy
    assert "workspace_id" in policy
    assert "WITH CHECK" in policy
