// Command conformance drives a vCenter with govmomi, an independent client, and fails on the first thing that is
// not as govmomi expects. It takes the URL, with user and password, as its argument, and a CA file as -ca.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

func main() {
	ca := flag.String("ca", "", "PEM file with the certificate to trust")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := run(ctx, flag.Arg(0), *ca); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address, ca string) error {
	u, err := soap.ParseURL(address)
	if err != nil {
		return err
	}
	client, err := connect(ctx, u, ca)
	if err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	if about := client.ServiceContent.About; about.ApiType != "VirtualCenter" {
		return fmt.Errorf("api type is %q", about.ApiType)
	}
	for _, step := range []struct {
		name string
		run  func(context.Context, *govmomi.Client) error
	}{
		{"list", list}, {"find", findByPath}, {"power", power}, {"snapshots", snapshots},
		{"rename", rename}, {"destroy", destroy}, {"wait for updates", wait},
	} {
		if err := step.run(ctx, client); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Println("ok", step.name)
	}
	if err := client.Logout(ctx); err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	if user, err := client.SessionManager.UserSession(ctx); err != nil || user != nil {
		return fmt.Errorf("after log-out there is still a session: %v, %w", user, err)
	}
	fmt.Println("ok log out")
	return nil
}

func connect(ctx context.Context, u *url.URL, ca string) (*govmomi.Client, error) {
	transport := soap.NewClient(u, ca == "")
	if ca != "" {
		if err := transport.SetRootCAs(ca); err != nil {
			return nil, err
		}
	}
	vim, err := vim25.NewClient(ctx, transport)
	if err != nil {
		return nil, err
	}
	client := &govmomi.Client{Client: vim, SessionManager: session.NewManager(vim)}
	return client, client.Login(ctx, u.User)
}

func list(ctx context.Context, client *govmomi.Client) error {
	container, err := view.NewManager(client.Client).CreateContainerView(
		ctx, client.ServiceContent.RootFolder, []string{"VirtualMachine"}, true)
	if err != nil {
		return err
	}
	var vms []mo.VirtualMachine
	paths := []string{
		"name", "parent", "runtime.powerState", "runtime.host", "config.hardware", "config.annotation",
		"guest.toolsRunningStatus", "summary.storage.committed", "snapshot", "datastore",
	}
	paths[4] = "config.hardware.device"
	if err := container.Retrieve(ctx, []string{"VirtualMachine"}, paths, &vms); err != nil {
		return err
	}
	if len(vms) < 5 {
		return fmt.Errorf("only %d machines", len(vms))
	}
	for _, vm := range vms {
		if vm.Name == "" || vm.Runtime.PowerState == "" || vm.Parent == nil || len(vm.Datastore) == 0 {
			return fmt.Errorf("%s lacks properties: %+v", vm.Self, vm)
		}
		devices := object.VirtualDeviceList(vm.Config.Hardware.Device)
		if len(devices.SelectByType((*types.VirtualDisk)(nil))) == 0 {
			return fmt.Errorf("%s has no disk", vm.Name)
		}
	}
	return container.Destroy(ctx)
}

func findByPath(ctx context.Context, client *govmomi.Client) error {
	vm, err := machine(ctx, client, "web-01")
	if err != nil {
		return err
	}
	path, err := find.InventoryPath(ctx, client.Client, vm.Reference())
	if err != nil {
		return err
	}
	found, err := object.NewSearchIndex(client.Client).FindByInventoryPath(ctx, path)
	if err != nil || found == nil || found.Reference() != vm.Reference() {
		return fmt.Errorf("%s leads to %v: %w", path, found, err)
	}
	return nil
}

func machine(ctx context.Context, client *govmomi.Client, name string) (*object.VirtualMachine, error) {
	container, err := view.NewManager(client.Client).CreateContainerView(
		ctx, client.ServiceContent.RootFolder, []string{"VirtualMachine"}, true)
	if err != nil {
		return nil, err
	}
	defer func() { _ = container.Destroy(ctx) }()
	found, err := container.Find(ctx, []string{"VirtualMachine"}, property.Match{"name": name})
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d machines are named %s", len(found), name)
	}
	return object.NewVirtualMachine(client.Client, found[0]), nil
}
