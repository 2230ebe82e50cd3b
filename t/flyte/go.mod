module unionml/flyte

go 1.26.0

require (
	github.com/grpc-ecosystem/grpc-gateway/v2 v2.20.0
	github.com/robfig/cron/v3 v3.0.1
	google.golang.org/grpc v1.67.1
	google.golang.org/protobuf v1.36.6
)

require (
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/genproto/googleapis/api v0.0.0-20240814211410-ddb44dafa142 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20240814211410-ddb44dafa142 // indirect
)
