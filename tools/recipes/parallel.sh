#!/bin/sh
# A sweep over the machines (or the processors) that GNU parallel knows, and its results in one file.
#
#   tools/recipes/parallel.sh SHARDS OUT.db SCENARIO... [options of seedbed sweep]
#   PARALLEL='--sshloginfile hosts --workdir .' tools/recipes/parallel.sh 64 night.db scenarios/raft/*.yaml --seeds 1..1000000
#
# Every shard has a database of its own, OUT.db.I, and is taken up where it stopped when this is
# started again. With hosts, the checkout and those databases are on a disk that all of them see.
# Exit: that of `seedbed merge`, which judges all seeds; 4 where a shard did not run.
set -eu

[ $# -ge 3 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
shards=$1 out=$2
shift 2
seedbed=${SEEDBED:-$(dirname -- "$(readlink -f -- "$0")")/../seedbed}

# A shard of which seeds fail ends with 1, one that is undecided with 3: merge says so for all.
run_shard='"$1" sweep --shard "$2" --jobs 1 --resume --out "$3" "${@:4}" >/dev/null
code=$?; [ $code -eq 0 ] || [ $code -eq 1 ] || [ $code -eq 3 ]'
parallel --quote bash -c "$run_shard" shard "$seedbed" "{}/$shards" "$out.{}" "$@" \
  ::: $(seq "$shards") >&2 || { echo "some shards did not run" >&2 && exit 4; }

set --
for i in $(seq "$shards"); do set -- "$@" "$out.$i"; done
exec "$seedbed" merge "$out" "$@"
