#!/bin/sh
# Import a data set with its mapping, plan it, talk, approve, verify; prints the whole conversation.
#   examples/play.sh online_retail FOLDER_WITH_THE_DATA "ITEM TO ASK ABOUT"
set -eu
example="$(dirname "$0")/${1:?name an example: online_retail or vn2}"
data="${2:?name the folder with its data}"
item="${3:?name an item to ask about}"
QM_HOME="$(mktemp -d)"
export QM_HOME
trap 'rm -rf "$QM_HOME"' EXIT
qm="$(dirname "$0")/../.venv/bin/qm"
if [ -f "$example/quartermaster.toml" ]; then
  QM_CONFIG="$example/quartermaster.toml"
  export QM_CONFIG
fi
cp "$example/people.yaml" "$QM_HOME/people.yaml"
run() { printf '$ qm %s\n' "$*" | sed "s|$data|FOLDER|"; "$qm" "$@"; echo; }
run import "$data" --mapping "$example/mapping.yaml"
run plan --budget 20k --top 5
"$qm" chat --as buyer \
  --message "What should I buy this week with 20k?" \
  --message "Why that quantity?" \
  --message "How sure are you about $item?" \
  --message "Draft the first one" \
  --message "/as manager" \
  --message "/approvals" \
  --message "approve 1" \
  --message "/as buyer" \
  --message "Where do these figures come from?"
echo
run audit verify
