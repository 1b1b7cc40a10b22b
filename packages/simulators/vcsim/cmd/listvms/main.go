// Command listvms prints what `vmware-vsphere vm list` prints, with govmomi: the yardstick of its benchmark. It takes
// the URL, with user and password, as its argument, and a CA file as -ca.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sort"
	"text/tabwriter"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
)

// The properties behind the default columns of list_vms.
var paths = []string{
	"name", "runtime.powerState", "summary.config.numCpu", "summary.config.memorySizeMB", "summary.config.guestFullName",
}

func main() {
	ca := flag.String("ca", "", "PEM file with the certificate to trust")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := run(ctx, flag.Arg(0), *ca); err != nil {
		fmt.Fprintln(os.Stderr, "listvms:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address, ca string) error {
	u, err := soap.ParseURL(address)
	if err != nil {
		return err
	}
	transport := soap.NewClient(u, false)
	if err := transport.SetRootCAs(ca); err != nil {
		return err
	}
	vim, err := vim25.NewClient(ctx, transport)
	if err != nil {
		return err
	}
	client := &govmomi.Client{Client: vim, SessionManager: session.NewManager(vim)}
	if err := client.Login(ctx, u.User); err != nil {
		return err
	}
	if err := list(ctx, client); err != nil {
		return err
	}
	return client.Logout(ctx)
}

func list(ctx context.Context, client *govmomi.Client) error {
	kind := []string{"VirtualMachine"}
	container, err := view.NewManager(client.Client).CreateContainerView(
		ctx, client.ServiceContent.RootFolder, kind, true)
	if err != nil {
		return err
	}
	var vms []mo.VirtualMachine
	if err := container.Retrieve(ctx, kind, paths, &vms); err != nil {
		return err
	}
	sort.Slice(vms, func(i, j int) bool { return vms[i].Name < vms[j].Name })
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(out, "NAME\tID\tPOWER STATE\tCPU\tMEMORY MB\tGUEST OS")
	for _, vm := range vms {
		c := vm.Summary.Config
		fmt.Fprintf(out, "%s\t%s\t%s\t%d\t%d\t%s\n",
			vm.Name, vm.Self.Value, vm.Runtime.PowerState, c.NumCpu, c.MemorySizeMB, c.GuestFullName)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return container.Destroy(ctx)
}
