#!/usr/bin/env bash
# Runs a standalone Spark of one master and two workers on loopback until its stdin ends.
#
#     tests/services/spark_cluster.sh FOLDER PORT
#
# Needs java 17 and SPARK_HOME, a Spark of version 3.5: the folder of the pyspark package is one. `PARTS FROM TO` on stdin
# writes a CSV file again as about ten Parquet files, its rows in their order, `KILL` ends the first worker at once. Prints READY once both workers are there, and DONE
# after each of these. All logs are in FOLDER. It outlives no test, however that one ends.
set -euo pipefail
folder=$(cd "$1" && pwd) port=$2
: "${SPARK_HOME:?}"
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1
deploy=org.apache.spark.deploy
processes=()

start() { # NAME CLASS ARGUMENT…
    local name=$1
    shift
    "$SPARK_HOME/bin/spark-class" "$@" >"$folder/$name.log" 2>&1 </dev/null &
    processes+=($!)
}

stop() {
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
    wait
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

wait_for() { # PATTERN COUNT, up to a minute
    for _ in $(seq 600); do
        if (($(grep -c "$1" "$folder/master.log" 2>/dev/null || true) >= $2)); then return; fi
        sleep 0.1
    done
    tail -n 20 "$folder"/*.log >&2
    exit 1
}

start master $deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0
wait_for 'New state: ALIVE' 1
for number in 1 2; do
    mkdir -p "$folder/worker$number"
    start "worker$number" $deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 1g --webui-port 0 \
        --work-dir "$folder/worker$number" "spark://127.0.0.1:$port"
done
wait_for 'Registering worker' 2
echo READY

parts() { # CSV FOLDER
    local records=$(($(wc -l <"$1") / 10 + 1))
    cat >"$folder/parts.sql" <<SQL
set spark.sql.files.maxRecordsPerFile = $records;
create temporary view whole using csv options (path 'file://$1', header 'true', multiLine 'true', quote '"', escape '"',
    ignoreLeadingWhiteSpace 'false', ignoreTrailingWhiteSpace 'false', encoding 'UTF-8');
insert overwrite directory 'file://$2' using parquet select * from whole;
SQL
    "$SPARK_HOME/bin/spark-sql" --master "local[2]" --conf spark.sql.catalogImplementation=in-memory \
        --conf spark.ui.enabled=false -f "$folder/parts.sql" >>"$folder/parts.log" 2>&1
}

while read -r command from to; do
    case $command in
    PARTS) parts "$from" "$to" && echo DONE ;;
    KILL)
        # its executors are processes of their own: they go with it
        pkill -KILL -P "${processes[1]}" 2>/dev/null || true
        { kill -KILL "${processes[1]}" && wait "${processes[1]}"; } 2>/dev/null || true
        echo DONE
        ;;
    esac
done
