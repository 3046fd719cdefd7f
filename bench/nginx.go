//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// nginxConfig has nginx serve a folder, with a verb for the folder, the address, and a folder of its own.
const nginxConfig = `daemon off;
pid %[3]s/pid;
error_log stderr;
worker_processes auto;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_body_temp_path %[3]s/body;
  proxy_temp_path %[3]s/proxy;
  fastcgi_temp_path %[3]s/fastcgi;
  uwsgi_temp_path %[3]s/uwsgi;
  scgi_temp_path %[3]s/scgi;
  server { listen %[2]s; root %[1]s; }
}
`

// startNginx runs nginx with what is in dir; nil where it is not installed.
func startNginx(ctx context.Context, dir string) (*server, error) {
	binary, err := exec.LookPath("nginx")
	if err != nil {
		return nil, nil
	}
	address, err := freePort()
	if err != nil {
		return nil, err
	}
	own, err := os.MkdirTemp(dir, "nginx-")
	if err != nil {
		return nil, err
	}
	config := fmt.Appendf(nil, nginxConfig, dir, address, own)
	if os.Geteuid() == 0 { // its workers would be somebody else, who may not get at the folder
		config = append(config, "user root;\n"...)
	}
	path := filepath.Join(own, "nginx.conf")
	if err := os.WriteFile(path, config, 0o600); err != nil {
		return nil, err
	}
	return launch(ctx, exec.Command(binary, "-c", path, "-p", own), address, own)
}
