#!/bin/sh
# A Slurm cluster of one node on this machine's loopback, for as long as a command runs. Its files are
# in FOLDER, which may be empty; its keys are its own, and nothing of the system's Slurm is touched.
#
#   slurm_cluster.sh FOLDER CONTROL_PORT NODE_PORT COMMAND...
set -eu

folder=$1 control_port=$2 node_port=$3
shift 3
PATH=$PATH:/usr/sbin
host=$(uname -n) host=${host%%.*}
started=
# The last one first: a node says goodbye to its controller.
stop() {
  for process in $started; do
    if kill "$process"; then wait "$process" || :; fi
  done 2>/dev/null
}
trap stop EXIT
trap 'exit 130' INT TERM

# start NAME COMMAND...: a daemon in the foreground of a process of its own.
start() {
  name=$1
  shift
  "$@" >"$folder/$name.out" 2>&1 </dev/null &
  started="$! $started"
}

# until_ready NAME COMMAND...: at most 30 s.
until_ready() {
  name=$1 tries=0
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ]; then
      echo "slurm_cluster: $name is not there after 30 s:" >&2
      tail -n 20 "$folder"/*.out >&2
      exit 4
    fi
    sleep 0.1
  done
}

mkdir "$folder/state" "$folder/spool"
export SLURM_CONF="$folder/slurm.conf"
cat >"$SLURM_CONF" <<END
ClusterName=seedbed
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$control_port
SlurmdPort=$node_port
# Only from here.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
# Neither control groups nor systemd.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
# As many processors as the array asks for, whatever this machine has.
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=8
PartitionName=all Nodes=ALL Default=YES
END

umask 077
head -c 1024 /dev/urandom >"$folder/munge.key"
start munged munged --foreground --force --key-file="$folder/munge.key" \
  --socket="$folder/munge.socket" --pid-file="$folder/munge.pid" \
  --seed-file="$folder/munge.seed" --log-file="$folder/munge.log" --num-threads=2
until_ready munged munge --socket="$folder/munge.socket" --no-input
start slurmctld slurmctld -D
until_ready slurmctld sh -c 'scontrol ping | grep -q UP'
start slurmd slurmd -D
until_ready slurmd sh -c 'sinfo --noheader --format %t | grep -qx idle'
"$@"
