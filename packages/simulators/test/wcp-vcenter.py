"""Lists Supervisors and what namespaces are given, and creates, reads, changes and deletes one, through vmware-vcenter,
the vendor's own Python client.

Arguments: URL, CA file, account, password. Prints one JSON object of what the client understood.
"""

import json
import sys
import time

import requests
from com.vmware.cis_client import Session
from com.vmware.content_client import Library
from com.vmware.vapi.std.errors_client import (
    AlreadyExists,
    Error,
    InvalidArgument,
    NotFound,
    Unsupported,
)
from com.vmware.vcenter.content.registries_client import Harbor
from com.vmware.vcenter.namespace_management.software_client import Clusters as Software
from com.vmware.vcenter.namespace_management.supervisors_client import (
    Conditions,
    Summary,
    Topology,
)
from com.vmware.vcenter.namespace_management_client import (
    Clusters,
    SupervisorServices,
    VirtualMachineClasses,
)
from com.vmware.vcenter.namespaces_client import Access, Instances, ResourceQuotaOptionsV1
from com.vmware.vcenter.storage_client import Policies
from vmware.vapi.lib.connect import get_requests_connector
from vmware.vapi.stdlib.client.factories import StubConfigurationFactory

url, ca, account, password = sys.argv[1:]
session = requests.Session()
session.verify = ca
session.trust_env = False  # neither its proxies nor its certificates
connector = get_requests_connector(session=session, msg_protocol="rest", url=f"{url}/api")
config = StubConfigurationFactory.new_std_configuration(connector)
sessions, instances, access = Session(config), Instances(config), Access(config)
summaries, topology, conditions = Summary(config), Topology(config), Conditions(config)
clusters, software, services = Clusters(config), Software(config), SupervisorServices(config)
classes, policies = VirtualMachineClasses(config), Policies(config)
libraries, harbors = Library(config), Harbor(config)
# Every one of them has chosen the format of /rest, the older one. This is the client's own switch for that of /api.
connector.get_api_provider().get_api_provider().set_rest_format(False)
said = {}

# A session, made with HTTP Basic and then shown in a header
session.auth = (account, password)
session.headers["vmware-api-session-id"] = sessions.create()
session.auth = None
said["session"] = sessions.get().user


def refusal(ask):
    """How the client understands an answer that is a refusal."""
    try:
        ask()
    except Error as error:
        return [type(error).__name__, error.messages[0].default_message]
    return "it was accepted"


# Supervisors
listed = summaries.list().items
said["supervisors"] = [
    [each.info.name, each.info.config_status, each.info.kubernetes_status] for each in listed
]
supervisor = listed[0].supervisor
said["topology"] = [each.clusters for each in topology.get(supervisor)]
said["conditions"] = [each.status for each in conditions.get(supervisor)]
cluster = said["topology"][0][0]
info = clusters.get(cluster)
said["cluster"] = [info.config_status, info.network_provider, info.service_cidr.prefix]
said["version"] = software.get(cluster).current_version
said["services"] = [each.display_name for each in services.list()]

# What namespaces are given
said["classes"] = {each.id: [each.cpu_count, each.memory_mb, each.cpu_reservation] for each in classes.list()}
ids = {each.name: each.policy for each in policies.list()}
said["policies"] = sorted(ids)
said["libraries"] = [[each.name, each.type] for each in map(libraries.get, libraries.list())]
said["harbor"] = [harbors.get(each.registry).health.status for each in harbors.list()]

# A namespace
spec = Instances.CreateSpecV2(
    supervisor=supervisor,
    namespace="vendor",
    description="Made by the vendor's client",
    resource_spec=ResourceQuotaOptionsV1(cpu_limit=5000, memory_limit=4096),
    storage_specs=[Instances.StorageSpec(policy=ids["gold"], limit=1024)],
    vm_service_spec=Instances.VMServiceSpec(vm_classes={"best-effort-small"}),
    access_list=[
        Instances.Access(
            subject_type=Access.SubjectType.USER,
            subject="developer",
            domain="vsphere.local",
            role=Access.Role.EDIT,
        )
    ],
)
instances.create_v2(spec)
said["twice"] = refusal(lambda: instances.create_v2(spec))
while instances.get_v2("vendor").config_status != "RUNNING":
    time.sleep(0.02)
read = instances.get_v2("vendor")
said["read"] = [
    read.description,
    read.resource_spec.convert_to(ResourceQuotaOptionsV1).cpu_limit,
    [[each.policy == ids["gold"], each.limit] for each in read.storage_specs],
    sorted(read.vm_service_spec.vm_classes),
    [[each.subject, each.role] for each in read.access_list],
]
said["read by cluster"] = instances.get("vendor").cluster
said["listed"] = [each.namespace for each in instances.list_v2()]
instances.update("vendor", Instances.UpdateSpec(description="Changed"))
access.create(
    "vendor", "corp.local", "sre", Access.SubjectType.GROUP, Access.CreateSpec(role=Access.Role.VIEW)
)
said["access"] = access.get("vendor", "corp.local", "sre", Access.SubjectType.GROUP).role
access.delete("vendor", "vsphere.local", "developer", Access.SubjectType.USER)
said["changed"] = [
    instances.get("vendor").description,
    [each.subject for each in instances.get("vendor").access_list],
]

# What is refused
said["missing"] = refusal(lambda: instances.get_v2("nobody"))
said["wrong"] = refusal(
    lambda: instances.update("vendor", Instances.UpdateSpec(storage_specs=[Instances.StorageSpec(policy="x")]))
)
said["stranger"] = refusal(
    lambda: access.delete("vendor", "vsphere.local", "nobody", Access.SubjectType.USER)
)

# And away again
instances.delete("vendor")
while "vendor" in [each.namespace for each in instances.list_v2()]:
    time.sleep(0.02)
said["left"] = [each.namespace for each in instances.list_v2()]
sessions.delete()
print(json.dumps(said))
