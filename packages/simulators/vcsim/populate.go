package main

import (
	"context"
	"fmt"
	"path"

	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"
)

// populate creates machines the way a client does, but waits for nobody: the model's own loop waits for each
// task with a property collector that looks every 20 ms, which takes minutes for thousands of machines.
func populate(model *simulator.Model, vms int, autostart bool) error {
	ctx := context.Background()
	client, err := vim25.NewClient(ctx, model.Service)
	if err != nil {
		return err
	}
	finder := find.NewFinder(client)
	datacenter, err := finder.DefaultDatacenter(ctx)
	if err != nil {
		return err
	}
	finder.SetDatacenter(datacenter)
	folders, err := datacenter.Folders(ctx)
	if err != nil {
		return err
	}
	hosts, err := finder.HostSystemList(ctx, "*/*")
	if err != nil {
		return err
	}
	pools := map[string]*object.ResourcePool{}
	for _, host := range hosts {
		if pools[host.Reference().Value], err = host.ResourcePool(ctx); err != nil {
			return err
		}
	}
	network, err := finder.Network(ctx, "VM Network")
	if err != nil {
		return err
	}
	backing, err := network.EthernetCardBackingInfo(ctx)
	if err != nil {
		return err
	}

	tasks := make([]*simulator.Task, 0, 2*vms)
	registry := model.Service.Context.Map
	started := func(task *object.Task, err error) error {
		if err != nil {
			return err
		}
		tasks = append(tasks, registry.Get(task.Reference()).(*simulator.Task))
		return nil
	}
	for n := range vms {
		host := hosts[n%len(hosts)]
		spec := machine(fmt.Sprintf("vm-%05d", n+1), backing)
		if err := started(folders.VmFolder.CreateVM(ctx, spec, pools[host.Reference().Value], host)); err != nil {
			return err
		}
	}
	for n, task := range tasks {
		task.Wait()
		created, ok := task.Info.Result.(types.ManagedObjectReference)
		if !ok {
			return fmt.Errorf("machine %d was not created: %v", n+1, task.Info.Error)
		}
		if autostart {
			if err := started(object.NewVirtualMachine(client, created).PowerOn(ctx)); err != nil {
				return err
			}
		}
	}
	for _, task := range tasks[vms:] {
		task.Wait()
	}
	return nil
}

func machine(name string, backing types.BaseVirtualDeviceBackingInfo) types.VirtualMachineConfigSpec {
	spec := types.VirtualMachineConfigSpec{
		Name:    name,
		GuestId: string(types.VirtualMachineGuestOsIdentifierOtherGuest),
		Files:   &types.VirtualMachineFileInfo{VmPathName: "[LocalDS_0]"},
	}
	var devices object.VirtualDeviceList
	scsi, _ := devices.CreateSCSIController("pvscsi")
	disk := devices.CreateDisk(scsi.(types.BaseVirtualController), types.ManagedObjectReference{},
		spec.Files.VmPathName+" "+path.Join(name, "disk1.vmdk"))
	disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo).Datastore = nil
	disk.CapacityInKB = 10 << 20
	card, _ := devices.CreateEthernetCard("vmxnet3", backing)
	devices = append(devices, scsi, disk, card)
	spec.DeviceChange, _ = devices.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	return spec
}
