// Command kube-apiserver serves a real Kubernetes API for our tests: the API server of Kubernetes over an etcd in
// the same process, with RBAC and no controllers. It prints one JSON line when it is ready, and ends on SIGTERM,
// SIGINT, or when its stdin closes.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"k8s.io/component-base/logs"
)

type options struct {
	port       int
	dir, token string
}

// ready is what the caller needs to connect. The viewer may log in, and nothing else.
type ready struct {
	URL    string `json:"url"`
	CA     string `json:"ca"`
	Token  string `json:"token"`
	Viewer string `json:"viewer"`
}

func main() {
	var o options
	flag.IntVar(&o.port, "port", 0, "port on 127.0.0.1; 0: any that is free")
	flag.StringVar(&o.dir, "dir", "", "an empty directory for etcd's data, certificates and keys; it is not removed")
	flag.StringVar(&o.token, "token", "", "bearer token of the administrator; the viewer's is the same with -viewer")
	flag.Parse()
	if o.dir == "" || o.token == "" {
		fmt.Fprintln(os.Stderr, "kube-apiserver: -dir and -token are needed")
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "kube-apiserver:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	logs.InitLogs()
	defer logs.FlushLogs()
	ctx, end := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer end()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end()
	}()

	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	store, err := startEtcd(dir)
	if err != nil {
		return err
	}
	defer store.Close()

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
	if err != nil {
		return err
	}
	secrets, err := writeSecrets(dir, o.token)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, secrets, endpointOf(dir)) }()
	url := "https://" + listener.Addr().String()
	if err := awaitReady(ctx, url, secrets, served); err != nil {
		return err
	}
	line := ready{URL: url, CA: string(secrets.certificate), Token: o.token, Viewer: viewerToken(o.token)}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	return <-served
}
