"""A cluster with an app, and the program run against it."""
import hashlib
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import time

NOW = 1772323200        # 2026-03-01T00:00:00Z, where the program's clock stands
SECRET, TOKEN = 'CLIENTSECRET', 'TOKENSECRET'

APP = '''
name: a
image: local/none:1
dataset:
  reader:
    inputs:
      time: {type: datetime, default: now}
      bad: {type: boolean, default: false}
      more: {type: file, default: more.txt}
    command: [sh, code.sh, reader, "{bad}", "{more}", "{data}"]
  splitter: {command: [sh, code.sh, splitter, "{data}", "{train}", "{test}"]}
model:
  hyperparameters: {C: {type: float, default: 1}}
  trainer:
    directory: true
    command: [sh, code.sh, trainer, "{train}", "{model_object}"]
  evaluator: {command: [sh, code.sh, evaluator, "{metrics}"]}
  predictor:
    command: [sh, code.sh, predictor, "{features}", "{predictions}"]
targets:
  there: {type: flyte, config: flyte.yaml, project: demo, domain: development}
  fresh: {type: flyte, config: flyte.yaml, project: fresh, domain: development}
  dead: {type: flyte, config: dead.yaml, project: demo, domain: development}
default_target: there
schedules:
  held: {workflow: train, expression: "0 4 * * *", reader_time_arg: time}
  hourly: {workflow: predict, fixed_rate: 1h, reader_time_arg: time,
    model: latest-at-deploy}
'''
# What each version has of its own.
SCHEDULES = {
    'one': '''
  nightly: {workflow: train, expression: "0 3 * * *", reader_time_arg: time}
  gone: {workflow: train, expression: "0 5 * * *", reader_time_arg: time}
''',
    'two': '''
  nightly: {workflow: train, expression: "30 3 * * *", reader_time_arg: time}
  new: {workflow: train, expression: "0 6 * * *", reader_time_arg: time}
'''}
CODE = '''
set -eu
case $1 in
reader)
    if [ "$2" = true ]; then echo "no data" >&2; exit 1; fi
    cat "$3" >"$4" ;;
splitter) cp "$2" "$3"; cp "$2" "$4" ;;
trainer)
    mkdir "$3/sub"
    cp "$2" "$3/sub/model"
    i=0
    while [ $((i += 1)) -le 3000 ]; do echo "$((i * i * i % 7919))"; done \\
        >"$3/numbers" ;;
evaluator) echo '{"score": 0.5}' >"$2" ;;
predictor)
    i=0
    while [ $((i += 1)) -le 3000 ]; do echo "$i"; done | cat "$2" - >"$3" ;;
esac
'''


def write(path, text):
    with open(path, 'w') as f:
        f.write(text)


class Result:
    """What came of a call: `state` and `files` as they are afterwards."""


class World:
    def __init__(self, build, top, guarded):
        self.build, self.top, self.guarded = build, top, guarded
        self.home, self.work = top + '/home', top + '/work'
        shutil.rmtree(top, ignore_errors=True)
        os.makedirs(self.home + '/tmp')
        self.start()
        self.make_apps()
        self.env = {
            'PATH': os.environ['PATH'], 'HOME': self.home, 'LC_ALL': 'C',
            'TMPDIR': self.home + '/tmp', 'TERM': 'dumb', 'TZ': 'UTC',
            'GIT_CONFIG_NOSYSTEM': '1', 'UNIONML_TEST_NOW': str(NOW),
            'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}
        self.ids = {}
        self.set_scenes()

    # The cluster.

    def start(self):
        options = ['-projects', 'demo']
        if self.guarded:
            write(self.top + '/tokens', TOKEN + '\n')
            options += ['-tls', self.top + '/cert.pem', '-tokens',
                        self.top + '/tokens']
        self.cluster = subprocess.Popen(
            [self.build + '/t/flyte/flyte'] + options,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(self.top + '/cluster.err', 'w'),
            env={**os.environ, 'TMPDIR': self.top})
        self.url = self.cluster.stdout.readline().decode().strip()
        self.door = None

    def stop(self):
        self.cluster.stdin.close()
        self.cluster.wait()

    def test(self, method, what, body=None):
        """Asks for one of the /_test/ things of t/flyte."""
        if not self.door:
            place = self.url.split('//')[1]
            self.door = http.client.HTTPSConnection(
                place, context=ssl._create_unverified_context()) \
                if self.guarded else http.client.HTTPConnection(place)
        self.door.request(method, '/_test/' + what,
                          json.dumps(body) if body else None)
        reply = self.door.getresponse()
        data = json.load(reply)
        if reply.status != 200:
            raise RuntimeError(data)
        return data

    def clock(self, seconds):
        self.test('POST', 'clock', {'now': time.strftime(
            '%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds)), 'frozen': True})
        self.env['UNIONML_TEST_NOW'] = str(seconds)

    def way(self, way):
        self.test('POST', 'run', {'way': way})

    def state(self):
        lines = [self.plain(line) for line in
                 self.test('GET', 'state')['state']]
        return sorted(i for n, i in enumerate(lines)
                      if not (i.startswith('object ') and i in lines[:n]))

    # The apps.

    def make_apps(self):
        admin = ['admin:', '  endpoint: ' + self.url]
        if self.guarded:
            admin += ['  caCertFilePath: ' + self.top + '/cert.pem',
                      '  authType: ClientSecret', '  clientId: ci',
                      '  clientSecretLocation: ' + self.top + '/secret']
            write(self.top + '/secret', SECRET)
        else:
            admin += ['  insecure: true', '  authType: ClientSecret',
                      '  clientId: ci']
        for name in 'one', 'two', 'dirty':
            app = self.top + '/' + name
            os.mkdir(app)
            write(app + '/unionml.yaml', APP.lstrip() +
                  SCHEDULES['one' if name == 'one' else 'two'][1:])
            write(app + '/code.sh', CODE)
            write(app + '/more.txt', name + '\n')
            write(app + '/flyte.yaml', '\n'.join(admin) + '\n')
            write(app + '/dead.yaml', 'admin:\n  endpoint: '
                  'http://127.0.0.1:1\n  insecure: true\n')
        self.commit(self.top + '/dirty')
        write(self.top + '/dirty/more.txt', 'changed\n')

    def commit(self, app):
        for argv in (['init', '-q'], ['add', '.'],
                     ['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit',
                      '-q', '-m', 'x']):
            subprocess.run(['git', '-C', app] + argv, check=True, env={
                'PATH': os.environ['PATH'], 'HOME': self.home,
                'GIT_AUTHOR_DATE': '2026-01-01T00:00Z',
                'GIT_COMMITTER_DATE': '2026-01-01T00:00Z'})

    def set_scenes(self):
        self.clock(NOW - 86400)
        self.test('POST', 'state', {'save': 'empty'})
        self.must('deploy --now -v v1')
        self.clock(NOW - 86000)
        self.ids['model'] = self.must('train --no-wait')
        self.clock(NOW - 85000)
        self.ids['made'] = self.must('predict --no-wait')
        self.must('deploy --now -v v1')
        self.clock(NOW - 84000)
        self.ids['failed'] = self.must('train --no-wait -p bad=true')
        self.must('schedule backfill nightly --from 2026-02-27T00:00Z '
                  '--to 2026-02-28T00:00Z')
        self.clock(NOW - 83000)
        self.way('no')
        self.ids['waiting'] = self.must('train --no-wait')
        self.must('deactivate-schedules --now held --note why')
        self.way('process')
        self.clock(NOW)
        self.test('POST', 'state', {'save': 'used'})
        version = next(line.split()[3] for line in self.state()
                       if line.startswith(
                           'launch plan demo/development/a.train '))
        self.test('POST', 'executions', {
            'project': 'demo', 'domain': 'development',
            'launch_plan': 'a.train', 'version': version,
            'count': 1200, 'from': '2026-02-01T00:00:00Z', 'every': '1m',
            'duration': '9s', 'phase': 'SUCCEEDED', 'manual': True})
        self.test('POST', 'state', {'save': 'many'})

    def must(self, argv):
        """A call that makes a scene; runs have ended when it returns."""
        done = self.call('one', argv.split(), haste=10, limit=60)
        if done.status != 0:
            raise RuntimeError(argv + ': ' + done.err)
        self.test('GET', 'state')
        return done.out.strip()

    # Calls.

    def call(self, app, argv, haste, limit, stdin='', clock=None):
        done = Result()
        os.makedirs(self.work, exist_ok=True)
        write(self.work + '/features', 'features\n')
        write(self.work + '/other.txt', 'other\n')
        os.makedirs(self.work + '/dir', exist_ok=True)
        write(self.work + '/dir/model', 'model\n')
        argv = [self.build + '/unionml', '--file',
                self.top + '/' + app + '/unionml.yaml'] + \
            (['--verbose'] if self.guarded else []) + argv
        env = {**self.env, 'UNIONML_TEST_HASTE': str(haste)}
        if clock == 'real':
            del env['UNIONML_TEST_NOW']
        with subprocess.Popen(
                argv, cwd=self.work, text=True, errors='replace', env=env,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE) as child:
            try:
                done.out, done.err = child.communicate(stdin, limit)
                done.status = child.returncode
            except subprocess.TimeoutExpired:
                child.kill()
                done.out, done.err = child.communicate()
                done.status = None
        return done

    def forget(self):
        """What calls have left on this side."""
        shutil.rmtree(self.work, ignore_errors=True)
        for name in os.listdir(self.home):
            if name != 'tmp':
                shutil.rmtree(self.home + '/' + name)
        shutil.rmtree(self.home + '/tmp')
        os.mkdir(self.home + '/tmp')

    def files(self):
        """Digest by name, but for what is kept of logins."""
        found = {}
        for top in (self.work, self.home):
            for where, dirs, names in os.walk(top):
                if where == self.home:
                    dirs[:] = ['tmp']
                for name in dirs:
                    path = os.path.join(where, name)
                    found[path[len(self.top):] + '/'] = ''
                for name in names:
                    path = os.path.join(where, name)
                    with open(path, 'rb') as f:
                        found[path[len(self.top):]] = \
                            hashlib.sha256(f.read()).hexdigest()
        return found

    def plain(self, text):
        """Without what chance puts into it; but runs that are known stay."""
        known = {run: name for name, run in self.ids.items()}
        text = re.sub(r'\b[rf][0-9a-f]{19}\b',
                      lambda m: known.get(m[0], 'RUN'), text)
        text = re.sub(r'\.unionml-[0-9a-f]{16}\.tmp', 'TEMP', text)
        text = re.sub(r'127\.0\.0\.1:\d+', 'HOST', text)
        text = re.sub(r'\d{4}-\d\d-\d\dT[\d:.]+Z', 'TIME', text)
        text = re.sub(r'(?<=clock).*', '', text)
        return re.sub(r'\b[\d.]+ ?(ms|s)\b', 'TOOK', text)
