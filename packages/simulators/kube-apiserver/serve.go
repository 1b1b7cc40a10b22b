package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/pflag"
	_ "k8s.io/component-base/metrics/prometheus/workqueue"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

const patience = 60 * time.Second

// serve runs kube-apiserver on the listener until the context ends.
func serve(ctx context.Context, listener net.Listener, s *secrets, etcd string) error {
	run := apiserver.NewServerRunOptions()
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, set := range run.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := flags.Parse([]string{
		"--etcd-servers=" + etcd,
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--tls-cert-file=" + s.certificateFile,
		"--tls-private-key-file=" + s.keyFile,
		"--token-auth-file=" + s.tokenFile,
		"--authorization-mode=RBAC",
		"--service-cluster-ip-range=10.96.0.0/12",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + s.keyFile,
		"--service-account-signing-key-file=" + s.keyFile,
		"--endpoint-reconciler-type=none",
		"--shutdown-delay-duration=0s",
		"--shutdown-watch-termination-grace-period=0s",
	}); err != nil {
		return err
	}
	run.SecureServing.Listener = listener
	completed, err := run.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return errors.Join(errs...)
	}
	return app.Run(ctx, completed)
}

// awaitReady returns when /readyz says so, or with the reason why it never will.
func awaitReady(ctx context.Context, url string, s *secrets, served <-chan error) error {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.certificate)
	client := &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
	}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	late := time.After(patience)
	for {
		if response, err := client.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-served:
			return fmt.Errorf("ended before it was ready: %w", err)
		case <-late:
			return errors.New("was not ready in time")
		case <-time.After(100 * time.Millisecond):
		}
	}
}
