#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
echo "chancery is installed: edit /etc/chancery/chancery.env, then systemctl enable --now chancery; journalctl -u chancery has the link of the first start"
