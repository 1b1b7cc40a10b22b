package main

import (
	"errors"
	"net/url"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

const etcdPatience = 30 * time.Second

// endpointOf is the socket etcd serves on: nobody but the owner of the directory reaches it.
func endpointOf(dir string) string { return "unix://" + filepath.Join(dir, "etcd.sock") }

// startEtcd returns when etcd serves. It keeps nothing safe: what it holds dies with the test.
func startEtcd(dir string) (*embed.Etcd, error) {
	client, err := url.Parse(endpointOf(dir))
	if err != nil {
		return nil, err
	}
	// etcd insists on a host and a port for other members and their clients; there are none.
	nobody := url.URL{Scheme: "http", Host: "127.0.0.1:0"}
	config := embed.NewConfig()
	config.Dir = filepath.Join(dir, "etcd")
	config.LogLevel = "error"
	config.UnsafeNoFsync = true
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{*client}, []url.URL{nobody}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{nobody}, []url.URL{nobody}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return etcd, nil
	case err = <-etcd.Err():
	case <-time.After(etcdPatience):
		err = errors.New("etcd was not ready in time")
	}
	etcd.Close()
	return nil, err
}
