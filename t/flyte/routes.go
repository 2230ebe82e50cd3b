// Which path does what. The patterns are Flyte's own.
package main

const (
	byVersion = "/{id.project}/{id.domain}/{id.name}/{id.version}"
	byName    = "/{id.project}/{id.domain}/{id.name}"
	byDomain  = "/{id.project}/{id.domain}"
	inDomain  = "/{project}/{domain}"
	ofRun     = "/{id.execution_id.project}/{id.execution_id.domain}" +
		"/{id.execution_id.name}"
	runNodes = "/{workflow_execution_id.project}" +
		"/{workflow_execution_id.domain}/{workflow_execution_id.name}"
	nodeTasks = "/{node_execution_id.execution_id.project}" +
		"/{node_execution_id.execution_id.domain}" +
		"/{node_execution_id.execution_id.name}" +
		"/{node_execution_id.node_id}"
	ofTask = "/{id.node_execution_id.execution_id.project}" +
		"/{id.node_execution_id.execution_id.domain}" +
		"/{id.node_execution_id.execution_id.name}" +
		"/{id.node_execution_id.node_id}/{id.task_id.project}" +
		"/{id.task_id.domain}/{id.task_id.name}/{id.task_id.version}" +
		"/{id.retry_attempt}"
)

var routes = []route{
	{"GET", "/api/v1/version", "Empty", "GetVersionResponse", getVersion},
	{"POST", "/api/v1/projects", "ProjectRegisterRequest", "Empty",
		createProject},
	{"PUT", "/api/v1/projects/{id}", "Project", "Empty", updateProject},
	{"GET", "/api/v1/projects/{id}", "ProjectGetRequest", "Project",
		getProject},
	{"GET", "/api/v1/projects", "ListRequest", "Projects", listProjects},
	{"GET", "/api/v1/domains", "Empty", "GetDomainsResponse", getDomains},

	{"POST", "/api/v1/tasks", "TaskCreateRequest", "Empty", createTask},
	{"GET", "/api/v1/tasks" + byVersion, "ObjectGetRequest", "Task",
		getEntity(tasks)},
	{"GET", "/api/v1/tasks" + byName, "ListRequest", "TaskList",
		listEntities(tasks)},
	{"GET", "/api/v1/tasks" + byDomain, "ListRequest", "TaskList",
		listEntities(tasks)},
	{"GET", "/api/v1/task_ids" + inDomain, "ListRequest",
		"NamedEntityIdentifierList", listIds(tasks)},

	{"POST", "/api/v1/workflows", "WorkflowCreateRequest", "Empty",
		createWorkflow},
	{"GET", "/api/v1/workflows" + byVersion, "ObjectGetRequest", "Workflow",
		getEntity(workflows)},
	{"GET", "/api/v1/workflows" + byName, "ListRequest", "WorkflowList",
		listEntities(workflows)},
	{"GET", "/api/v1/workflows" + byDomain, "ListRequest", "WorkflowList",
		listEntities(workflows)},
	{"GET", "/api/v1/workflow_ids" + inDomain, "ListRequest",
		"NamedEntityIdentifierList", listIds(workflows)},

	{"POST", "/api/v1/launch_plans", "LaunchPlanCreateRequest", "Empty",
		createLaunchPlan},
	{"PUT", "/api/v1/launch_plans" + byVersion, "LaunchPlanUpdateRequest",
		"Empty", updateLaunchPlan},
	{"GET", "/api/v1/launch_plans" + byVersion, "ObjectGetRequest",
		"LaunchPlan", getEntity(launchPlans)},
	{"GET", "/api/v1/launch_plans" + byName, "ListRequest", "LaunchPlanList",
		listEntities(launchPlans)},
	{"GET", "/api/v1/launch_plans" + byDomain, "ListRequest",
		"LaunchPlanList", listEntities(launchPlans)},
	{"GET", "/api/v1/launch_plan_ids" + inDomain, "ListRequest",
		"NamedEntityIdentifierList", listIds(launchPlans)},
	{"GET", "/api/v1/active_launch_plans" + byName, "NamedGetRequest",
		"LaunchPlan", getActive},
	{"GET", "/api/v1/active_launch_plans" + inDomain, "ListRequest",
		"LaunchPlanList", listActive},

	{"GET", "/api/v1/named_entities/{resource_type}" + byName,
		"NamedEntityRequest", "NamedEntity", getNamedEntity},
	{"PUT", "/api/v1/named_entities/{resource_type}" + byName,
		"NamedEntityRequest", "Empty", updateNamedEntity},
	{"GET", "/api/v1/named_entities/{resource_type}" + inDomain,
		"NamedEntityListRequest", "NamedEntityList", listNamedEntities},

	{"POST", "/api/v1/executions", "ExecutionCreateRequest",
		"ExecutionCreateResponse", createExecution},
	{"POST", "/api/v1/executions/relaunch", "ExecutionRelaunchRequest",
		"ExecutionCreateResponse", relaunchExecution},
	{"POST", "/api/v1/executions/recover", "ExecutionRecoverRequest",
		"ExecutionCreateResponse", recoverExecution},
	{"GET", "/api/v1/executions" + byName, "ExecutionGetRequest",
		"Execution", getExecution},
	{"GET", "/api/v1/executions" + byDomain, "ListRequest", "ExecutionList",
		listExecutions},
	{"PUT", "/api/v1/executions" + byName, "ExecutionUpdateRequest", "Empty",
		updateExecution},
	{"DELETE", "/api/v1/executions" + byName, "ExecutionTerminateRequest",
		"Empty", terminateExecution},
	{"GET", "/api/v1/data/executions" + byName, "ExecutionGetRequest",
		"ExecutionData", getExecutionData},

	{"GET", "/api/v1/node_executions" + ofRun + "/{id.node_id}",
		"NodeGetRequest", "NodeExecution", getNode},
	{"GET", "/api/v1/node_executions" + runNodes, "NodeListRequest",
		"NodeExecutionList", listNodes},
	{"GET", "/api/v1/data/node_executions" + ofRun + "/{id.node_id}",
		"NodeGetRequest", "NodeExecutionData", getNodeData},
	{"GET", "/api/v1/task_executions" + ofTask, "TaskExecutionGetRequest",
		"TaskExecution", getTaskExecution},
	{"GET", "/api/v1/task_executions" + nodeTasks, "TaskListRequest",
		"TaskExecutionList", listTaskExecutions},
	{"GET", "/api/v1/data/task_executions" + ofTask,
		"TaskExecutionGetRequest", "TaskExecutionData", getTaskData},

	{"POST", "/api/v1/dataproxy/artifact_urn", "CreateUploadLocationRequest",
		"CreateUploadLocationResponse", createUploadLocation},
	{"GET", "/api/v1/dataproxy/artifact_urn",
		"CreateDownloadLocationRequest", "CreateDownloadLocationResponse",
		createDownloadLocation},
	{"POST", "/api/v1/dataproxy/artifact_link", "CreateDownloadLinkRequest",
		"CreateDownloadLinkResponse", createDownloadLink},
	{"GET", "/api/v1/data", "GetDataRequest", "GetDataResponse", getData},
}
