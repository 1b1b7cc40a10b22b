// Command vcsim serves govmomi's vCenter simulator for our tests: real authentication, sizes and time-outs by
// flag, one JSON line on stdout when it is ready. It ends on SIGTERM, SIGINT, or when its stdin closes.
package main

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"
)

type options struct {
	listen, username, password, apiVersion, sessionTimeout string
	vms, hosts, clusters                                   int
	esx, tls, autostart                                    bool
}

// ready is what the caller needs to connect.
type ready struct {
	URL        string `json:"url"`
	Username   string `json:"username"`
	Password   string `json:"password"`
	Thumbprint string `json:"thumbprint"`
	CA         string `json:"ca"`
}

func main() {
	var o options
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "address to listen on")
	flag.StringVar(&o.username, "username", "administrator@vsphere.local", "the only account")
	flag.StringVar(&o.password, "password", "Simulated-1!", "its password")
	flag.IntVar(&o.vms, "vms", 4, "virtual machines, spread over the hosts")
	flag.IntVar(&o.clusters, "clusters", 1, "clusters")
	flag.IntVar(&o.hosts, "hosts", 2, "hosts in each cluster")
	flag.BoolVar(&o.esx, "esx", false, "a standalone ESXi host instead of a vCenter")
	flag.StringVar(&o.apiVersion, "api-version", "8.0.3.0", "API version to report")
	flag.StringVar(&o.sessionTimeout, "session-timeout", "", "idle time after which a session ends, as 2s")
	flag.BoolVar(&o.tls, "tls", true, "serve HTTPS")
	flag.BoolVar(&o.autostart, "autostart", true, "power the machines on")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "vcsim:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	model := simulator.VPX()
	if o.esx {
		model = simulator.ESX()
		model.Machine = o.vms
	} else {
		model.Cluster, model.ClusterHost = o.clusters, o.hosts
		model.Host, model.Machine = 0, 0
	}
	model.Autostart = o.autostart
	defer model.Remove()
	if err := model.Create(); err != nil {
		return err
	}
	if !o.esx {
		if err := populate(model, o.vms, o.autostart); err != nil {
			return err
		}
	}

	registry := model.Service.Context.Map
	instance := registry.Get(vim25.ServiceInstance).(*simulator.ServiceInstance)
	instance.Content.About.ApiVersion = o.apiVersion
	if o.sessionTimeout != "" {
		registry.OptionManager().UpdateOptions(&types.UpdateOptions{
			ChangedValue: []types.BaseOptionValue{&types.OptionValue{
				Key: "config.vmacore.soap.sessionTimeout", Value: o.sessionTimeout,
			}},
		})
	}

	model.Service.Listen = &url.URL{Host: o.listen, User: url.UserPassword(o.username, o.password)}
	model.Service.RegisterEndpoints = true
	if o.tls {
		model.Service.TLS = new(tls.Config)
	}
	server := model.Service.NewServer()
	defer server.Close()

	line := ready{Username: o.username, Password: o.password}
	address := *server.URL
	address.User, address.Path = nil, ""
	line.URL = address.String()
	if o.tls {
		certificate := server.Certificate()
		line.CA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
		digest := fmt.Sprintf("% X", sha256.Sum256(certificate.Raw))
		line.Thumbprint = strings.ReplaceAll(digest, " ", ":")
	}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	untilToldToEnd()
	return nil
}

func untilToldToEnd() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end <- syscall.SIGTERM
	}()
	<-end
}
