#!/usr/bin/env bash
# Talks to a hub as people do who script a Skill Hub with curl and jq: look around, sync, install, edit, roll back.
# Needs HUB, KEY, OWNER and SLUG, and an empty folder to work in. Says what it has seen, and ends with 1 at the first
# thing that is not as it has to be.
set -euo pipefail

open="$HUB/api/skill"
keyed="$HUB/api/v1/skill"
auth="Authorization: Bearer $KEY"

must() { # what, expected, actual
  if [[ "$2" != "$3" ]]; then
    echo "$1: expected '$2', got '$3'" >&2
    exit 1
  fi
  echo "ok $1"
}
status() { curl -sS -o body -w '%{http_code}' "$@"; }
edit() { curl -sS -X PUT -H 'Content-Type: application/json' -H "$auth" --data "$1" "$open/edit/$SLUG"; }

# Look around.
must 'search with a key' 200 "$(status -H "$auth" "$keyed/search?size=1")"
must 'its code' 200 "$(jq -r '.code // empty' body)"
must 'its sample' "$SLUG" "$(jq -r '.data.records[0].slug // empty' body)"
must 'search with a bad key' 401 "$(status -H 'Authorization: Bearer skh_bad' "$keyed/search?size=1")"
must 'search without a key' 200 "$(status "$open/search?size=1")"
must 'its code' 200 "$(jq -r '.code // empty' body)"
must 'edit probe' 404 "$(status -X PUT -H 'Content-Type: application/json' --data '{}' "$open/edit/__probe__")"

# Sync: without -L, and any status but 200 is an error.
order='orderBy=updatedAt&order=desc'
curl -fsS -H "$auth" "$keyed/search?page=1&size=100&$order" > page.json
must 'pages' 1 "$(jq -r '((.data.total + 99) / 100) | floor' page.json)"
cursor=$(jq -r '[.data.records[].updatedAt] | max' page.json)
must 'address of the owner' "$OWNER" "$(jq -r --arg s "$SLUG" '.data.records[] | select(.slug == $s) | .owner.email' page.json)"
curl -fsS "$open/search?current=1&size=100&$order" > anonymous.json
must 'the same without a key' "$(jq -c '[.data.records[].slug]' page.json)" "$(jq -c '[.data.records[].slug]' anonymous.json)"

# Install.
latest=$(curl -fsS -H "$auth" "$keyed/versions/$SLUG?limit=1" | jq -r '.data.items[0].version // empty')
must 'latest' 1.0.0 "$latest"
must 'download' 200 "$(curl -sSL -o skill.zip -w '%{http_code}' "$open/download/$SLUG?version=$latest&track=true")"
must 'it is a zip' Zip "$(file -b skill.zip | cut -c1-3)"
unzip -q skill.zip -d skill
must 'SKILL.md at the top' "name: $SLUG" "$(grep '^name:' skill/SKILL.md)"
must 'unknown slug' 404 "$(status -L "$open/download/no-such-skill?track=true")"
must 'its JSON is told from a zip' '{' "$(head -c 1 body)"

# Edit, with both channels compared as text, then an incremental sync.
edit '{}' > before.json
must 'snapshot' 200 "$(jq -r .code before.json)"
must 'owner' "$OWNER" "$(jq -r '.data.ownerEmail // empty' before.json)"
jq -n '{summary: " Über “Termine”\n", tags: ["z", "a", "z"]}' > patch.json
must 'patch' 200 "$(edit "$(cat patch.json)" | jq -r .code)"
edit '{}' | jq -c .data > put.json
curl -sS -H "$auth" "$open/detail/$SLUG" | jq -c .data.skill > detail.json
for field in $(jq -r 'keys[]' patch.json); do
  wanted=$(jq -c --arg f "$field" '.[$f]' patch.json)
  must "$field in PUT" "$wanted" "$(jq -c --arg f "$field" '.[$f]' put.json)"
  must "$field in detail" "$wanted" "$(jq -c --arg f "$field" '.[$f]' detail.json)"
done
curl -fsS -H "$auth" "$keyed/search?page=1&size=100&$order" > page.json
must 'what is new' "[\"$SLUG\"]" "$(jq -c --argjson c "$cursor" '[.data.records[] | select(.updatedAt > $c) | .slug]' page.json)"

# Roll back with every field.
jq -c '.data | {displayName, summary, videoAttachmentUrl, businessCategory, visibility, applicablePosition,
  businessDomain, business, scene, platform, tags}' before.json > all.json
must 'rollback' "$(cat all.json)" "$(edit "$(cat all.json)" | jq -c '.data | {displayName, summary, videoAttachmentUrl,
  businessCategory, visibility, applicablePosition, businessDomain, business, scene, platform, tags}')"

# What is private.
must 'hide' private "$(edit '{"visibility":"private"}' | jq -r .data.visibility)"
must 'download of it by nobody' 403 "$(status -L "$open/download/$SLUG?version=$latest&track=true")"
must 'its code' 403 "$(jq -r '.code // empty' body)"
must 'download of it by its owner' 200 "$(status -L -H "X-API-Key: $KEY" "$open/download/$SLUG?version=$latest&track=true")"
must 'search for it by nobody' 0 "$(curl -fsS "$open/search?keyword=$SLUG" | jq -r .data.total)"
echo done
