# What people would write: one body per line, and 32 curls at a time. Prints rows sent per second.
# Usage: xargs-curl.sh <file with one JSON body per line> <url>
start=$(date +%s%N)
tr '\n' '\0' <"$1" | xargs -0 -P 32 -n 1 curl -s -o /dev/null -H 'Content-Type: application/json' \
  -H 'X-API-KEY: bench-key' -H 'X-SECRET-KEY: bench-secret' "$2/v2/ExternalApi/newContact" -d
end=$(date +%s%N)
awk -v rows="$(wc -l <"$1")" -v ns="$((end - start))" 'BEGIN { print rows / (ns / 1e9) }'
