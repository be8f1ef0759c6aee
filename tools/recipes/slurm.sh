#!/bin/sh
# A sweep as a Slurm job array: a task is a shard, which reads its number from SLURM_ARRAY_TASK_ID.
#
#   sbatch --array=1-64 tools/recipes/slurm.sh results/night scenarios/raft/*.yaml --seeds 1..1000000
#   tools/seedbed merge night.db results/night.*.db            # when the array has ended
#
# Build first (tools/seedbed --version), so that the tasks do not. A task that was preempted or timed
# out is taken up where it stopped: sbatch the same array again. Write to a file system with locks;
# where there is none, to $TMPDIR, and copy at the end.
#SBATCH --job-name=seedbed
#SBATCH --cpus-per-task=4
#SBATCH --signal=TERM@30
set -u

out=$1
shift
"${SEEDBED:-tools/seedbed}" sweep "$@" --jobs "${SLURM_CPUS_PER_TASK:-1}" --resume \
  --out "$out.$SLURM_ARRAY_TASK_ID.db"
code=$?
# Seeds that fail are results: the task did its work, and merge judges all of them.
case $code in 0 | 1 | 3) exit 0 ;; *) exit $code ;; esac
