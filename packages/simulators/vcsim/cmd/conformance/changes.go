package main

import (
	"context"
	"fmt"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/fault"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// done waits for a task that must succeed.
func done(ctx context.Context, task *object.Task, err error) error {
	if err != nil {
		return err
	}
	return task.Wait(ctx)
}

func inState(ctx context.Context, vm *object.VirtualMachine, want types.VirtualMachinePowerState) error {
	state, err := vm.PowerState(ctx)
	if err == nil && state != want {
		err = fmt.Errorf("power state is %s, not %s", state, want)
	}
	return err
}

func power(ctx context.Context, client *govmomi.Client) error {
	vm, err := machine(ctx, client, "web-01")
	if err != nil {
		return err
	}
	task, err := vm.PowerOn(ctx)
	if err := done(ctx, task, err); !fault.Is(err, &types.InvalidPowerState{}) {
		return fmt.Errorf("power on of a running machine: %w", err)
	}
	task, err = vm.Suspend(ctx)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	if err := inState(ctx, vm, types.VirtualMachinePowerStateSuspended); err != nil {
		return err
	}
	task, err = vm.PowerOn(ctx)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	task, err = vm.PowerOff(ctx)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	return inState(ctx, vm, types.VirtualMachinePowerStatePoweredOff)
}

func snapshots(ctx context.Context, client *govmomi.Client) error {
	vm, err := machine(ctx, client, "batch-01")
	if err != nil {
		return err
	}
	task, err := vm.CreateSnapshot(ctx, "one", "first", false, false)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	task, err = vm.PowerOn(ctx)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	task, err = vm.RevertToSnapshot(ctx, "one", false)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	if err := inState(ctx, vm, types.VirtualMachinePowerStatePoweredOff); err != nil {
		return err
	}
	task, err = vm.RemoveSnapshot(ctx, "one", false, nil)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	var state mo.VirtualMachine
	if err := vm.Properties(ctx, vm.Reference(), []string{"snapshot"}, &state); err != nil {
		return err
	}
	if state.Snapshot != nil {
		return fmt.Errorf("a snapshot is left: %+v", state.Snapshot)
	}
	return nil
}

func rename(ctx context.Context, client *govmomi.Client) error {
	vm, err := machine(ctx, client, "web-01")
	if err != nil {
		return err
	}
	task, err := vm.Rename(ctx, "web-09")
	if err := done(ctx, task, err); err != nil {
		return err
	}
	name, err := vm.ObjectName(ctx)
	if err == nil && name != "web-09" {
		err = fmt.Errorf("its name is %s", name)
	}
	return err
}

func destroy(ctx context.Context, client *govmomi.Client) error {
	vm, err := machine(ctx, client, "db-01")
	if err != nil {
		return err
	}
	task, err := vm.Destroy(ctx)
	if err := done(ctx, task, err); !fault.Is(err, &types.InvalidPowerState{}) {
		return fmt.Errorf("destroying a running machine: %w", err)
	}
	task, err = vm.PowerOff(ctx)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	task, err = vm.Destroy(ctx)
	if err := done(ctx, task, err); err != nil {
		return err
	}
	if _, err := vm.PowerState(ctx); !fault.Is(err, &types.ManagedObjectNotFound{}) {
		return fmt.Errorf("reading a destroyed machine: %w", err)
	}
	return nil
}

// wait watches a machine in one request while another changes it.
func wait(ctx context.Context, client *govmomi.Client) error {
	vm, err := machine(ctx, client, "batch-01")
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() {
		time.Sleep(50 * time.Millisecond)
		task, err := vm.PowerOn(ctx)
		failed <- done(ctx, task, err)
	}()
	collector := property.DefaultCollector(client.Client)
	seen := func(changes []types.PropertyChange) bool {
		for _, change := range changes {
			if change.Val == types.VirtualMachinePowerStatePoweredOn {
				return true
			}
		}
		return false
	}
	if err := property.Wait(ctx, collector, vm.Reference(), []string{"runtime.powerState"}, seen); err != nil {
		return err
	}
	return <-failed
}
