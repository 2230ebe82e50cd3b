"""The commands that speak to Flyte, as rows.

SCENE is what the cluster holds before: `empty`; `used`, where version v1 is
deployed and has runs; `many`, where it has more than one page of them. ARGV is
the command; {model}, {made}, {failed} and {waiting} are runs of `used`. KEYS
that a row may have besides:

status   its exit status, 0 unless said
app      the directory it runs in: one (as deployed), two (changed), or dirty
         (a git tree, and changed since)
way      what becomes of runs: process, no (they stay queued)
stdin    what it reads
launch   it starts a run each time that it is called
clock    `real`: the program's clock does not stand still
vague    what it says of itself may depend on the answer to that path
poll     it waits for a run: the number of its requests varies
"""

COMMANDS = []


def row(scene, name, argv, **keys):
    COMMANDS.append({'scene': scene, 'name': name, 'argv': argv.split(),
                     'status': 0, 'app': 'one', 'way': 'process', 'stdin': '',
                     'clock': None, 'vague': None,
                     'launch': False, 'poll': False, **keys})


row('empty', 'config', 'config --test', clock='real', vague='^/me$')
row('empty', 'deploy', 'deploy --now -v v1')
row('empty', 'deploy-inactive', 'deploy --no-schedule -v v1')
row('empty', 'deploy-project', '-t fresh deploy --now -v v1')
row('empty', 'deploy-dry', 'deploy --now -v v1 --dry-run')
row('empty', 'train-none', 'train', status=6)
row('empty', 'runs-none', 'runs list')

row('used', 'deploy-same', 'deploy --now -v v1')
row('used', 'deploy-changed', 'deploy --now -v v2', app='two')
row('used', 'deploy-activate', 'deploy --now --activate -v v2', app='two')
row('used', 'deploy-patch', 'deploy --now --patch', app='dirty')
row('used', 'deploy-diff', 'deploy --now -v v2 --dry-run --exit-code',
    app='two', status=1)
row('used', 'deploy-list', 'deploy --list')
row('used', 'activate', 'activate-schedules --now')
row('used', 'deactivate', 'deactivate-schedules --now nightly --note why')
row('used', 'schedule-list', 'schedule list')
row('used', 'schedule-audit', 'schedule audit --since 3d', status=1)
row('used', 'backfill',
    'schedule backfill nightly --from 2026-02-25T00:00Z --to '
    '2026-02-28T00:00Z --max-active 1', poll=True)
row('used', 'backfill-dry',
    'schedule backfill nightly --from 2026-02-25T00:00Z --to '
    '2026-02-28T00:00Z --dry-run')
row('used', 'trigger', 'schedule trigger nightly --overlap allow --no-wait',
    launch=True, way='no')
row('used', 'trigger-at',
    'schedule trigger nightly --overlap allow --at 2026-02-26T03:00Z '
    '--no-wait', way='no')

row('used', 'train', 'train --timeout {wait}', launch=True, poll=True)
row('used', 'train-away', 'train --no-wait -v v1 -p hyperparameters.C=2',
    launch=True, way='no')
row('used', 'train-file', 'train --no-wait -p more=other.txt', launch=True,
    way='no')
row('used', 'predict', 'predict --timeout {wait}', launch=True, poll=True)
row('used', 'predict-run', 'predict -m {model} -o out --timeout {wait}',
    launch=True, poll=True)
row('used', 'predict-file', 'predict -f features --timeout {wait}', launch=True,
    poll=True)
row('used', 'predict-stdin', 'predict -f - --no-wait', launch=True, way='no',
    stdin='features\n')
row('used', 'predict-upload', 'predict -m @dir --no-wait', launch=True,
    way='no')
row('used', 'predict-best', 'predict -m best:score --no-wait', launch=True,
    way='no')

row('used', 'runs', 'runs list')
row('used', 'runs-json', '--json runs list --limit 0')
row('used', 'runs-schedule', 'runs list --schedule nightly')
row('used', 'runs-failed', 'runs list --status failed')
row('many', 'runs-pages', 'runs list --limit 0')
row('used', 'show', 'runs show {model}')
row('used', 'show-failed', '--json runs show {failed}')
row('used', 'watch', 'runs watch {model} --timeout {wait}', poll=True)
row('used', 'log', 'runs log {failed}')
row('used', 'stop', 'runs stop {waiting}', poll=True)
row('used', 'retry', 'runs retry {failed} --no-wait', launch=True, way='no')
row('used', 'retry-start', 'runs retry {failed} --from-start --no-wait',
    launch=True, way='no')

row('used', 'fetch-model', 'fetch model')
row('used', 'fetch-run', 'fetch model {model} -o deep')
row('used', 'fetch-schedule', 'fetch model --schedule nightly')
row('used', 'fetch-predictions', 'fetch predictions {made}')
row('used', 'fetch-stdout', 'fetch predictions -o -')
row('used', 'fetch-metrics', 'fetch metrics')
row('used', 'fetch-model-old', 'fetch-model -m {model} -o got')
row('used', 'fetch-predictions-old', 'fetch-predictions -o got')
row('used', 'model-versions', 'list-model-versions')
row('used', 'prediction-ids', 'list-prediction-ids')
row('used', 'scheduled-training', 'list-scheduled-training-runs nightly')
row('used', 'scheduled-prediction', 'list-scheduled-prediction-runs hourly')
