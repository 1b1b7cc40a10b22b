"""Creates, reads, changes and deletes firewall objects through vcf-nsx, Broadcom's own Python client.

Arguments: URL, CA file, account, password. Prints one JSON object of what the client understood.
"""

import json
import sys

import requests
from vcf.nsx.api.session_client import Destroy
from vcf.nsx.model_client import ApiError, Group, IPAddressExpression, Rule, SecurityPolicy
from vcf.nsx.policy.api.v1.infra.domains.security_policies_client import Rules
from vcf.nsx.policy.api.v1.infra.domains_client import Groups, SecurityPolicies
from vmware.vapi.lib.connect import get_requests_connector
from vmware.vapi.stdlib.client.factories import StubConfigurationFactory

url, ca, account, password = sys.argv[1:]
session = requests.Session()
session.verify = ca
session.trust_env = False  # neither its proxies nor its certificates
entered = session.post(
    f"{url}/api/session/create", data={"j_username": account, "j_password": password}
)
entered.raise_for_status()
session.headers["X-XSRF-TOKEN"] = entered.headers["X-XSRF-TOKEN"]

config = StubConfigurationFactory.new_runtime_configuration(
    get_requests_connector(session=session, msg_protocol="rest", url=url)
)
groups, policies, rules = Groups(config), SecurityPolicies(config), Rules(config)
said = {}


def refusal(ask):
    """How the client understands an answer that is a refusal."""
    try:
        ask()
    except ApiError as error:
        fields = error.to_dict()
        return [fields["httpStatus"], fields["error_code"], fields["error_message"]]
    return "it was accepted"


# Groups
group = groups.policy_update_group_for_domain(
    "default",
    "vendor",
    Group(
        display_name="Vendor",
        expression=[
            IPAddressExpression(
                resource_type="IPAddressExpression", ip_addresses=["192.0.2.0/24", "2001:db8::7"]
            )
        ],
    ),
)
said["group"] = [group.path, group.revision]
read = groups.policy_read_group_for_domain("default", "vendor")
members = read.expression[0].convert_to(IPAddressExpression)
said["members"] = members.ip_addresses
read.description = "Changed"
changed = groups.policy_update_group_for_domain("default", "vendor", read)
said["group changed"] = [changed.description, changed.revision]
# The revision that was read first is stale by now.
said["stale"] = refusal(lambda: groups.policy_update_group_for_domain("default", "vendor", read))

# Policies and rules
policy = policies.policy_update_security_policy_for_domain(
    "default",
    "vendor",
    SecurityPolicy(
        resource_type="SecurityPolicy",
        display_name="Vendor",
        category="Application",
        sequence_number=77,
    ),
)
said["policy"] = [policy.path, policy.category, policy.sequence_number, policy.stateful]
rule = rules.policy_update_security_rule(
    "default",
    "vendor",
    "https-in",
    Rule(
        resource_type="Rule",
        display_name="HTTPS in",
        action="ALLOW",
        source_groups=["ANY"],
        destination_groups=[group.path],
        services=["/infra/services/HTTPS"],
        scope=["ANY"],
        direction="IN",
    ),
)
said["rule"] = [rule.action, rule.destination_groups, rule.direction, rule.revision]
rule.logged = True
said["rule changed"] = rules.policy_update_security_rule("default", "vendor", "https-in", rule).logged
listed = rules.policy_list_security_rules("default", "vendor")
said["rules"] = [[each.id, each.logged] for each in listed.results]
known = policies.policy_list_security_policies_for_domain("default", include_rule_count=True)
said["count"] = [each.rule_count for each in known.results if each.id == "vendor"]

# What is refused
said["in use"] = refusal(lambda: groups.policy_delete_group("default", "vendor"))
said["missing"] = refusal(lambda: groups.policy_read_group_for_domain("default", "nobody"))
said["wrong"] = refusal(
    lambda: rules.policy_update_security_rule(
        "default", "vendor", "bad", Rule(resource_type="Rule", action="PERMIT")
    )
)

# And away again
rules.policy_delete_security_rule("default", "vendor", "https-in")
policies.policy_delete_security_policy_for_domain("default", "vendor")
groups.policy_delete_group("default", "vendor")
left = groups.policy_list_group_for_domain("default").results
said["left"] = [each.id for each in left if each.id == "vendor"]
Destroy(config).destroy_authenticated_session()
print(json.dumps(said))
