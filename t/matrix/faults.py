"""The faults, as rows: NAME, what may come of it, and a rule of t/flyte (see
t/lib-flyte.sh) without the request that it hits.

What may come of a fault:
heal     nothing that anyone notices
cope     the same, or the exit status of what is worth a retry (5)
torn     as cope, or a refusal that cannot be read any more (6)
outage   as cope; who waits for a run may also give up waiting (7)
denied   as heal, or not allowed (8)
input    as cope, or refused (3)

Which requests it is for: None (all), `api`, `store`, `put`, `get` (to or from
the store), `end` (from that request on there is nobody there for any).
"""
import json

FAULTS = []
HTML = '<html><body>Bad Gateway</body></html>'
ALWAYS = {'count': -1}


def row(name, outcome, only=None, **rule):
    FAULTS.append({'name': name, 'outcome': outcome, 'only': only,
                   'rule': rule})


def answer(code, message):
    return json.dumps({'code': code, 'message': message, 'details': []})


def status(number, body, **headers):
    return {'do': 'status', 'status': number, 'body': body,
            'headers': {k.replace('_', '-'): v for k, v in headers.items()}}


def store(code, message):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code>'
            '<Message>%s</Message></Error>\n' % (code, message))


row('reset', 'heal', do='reset')
row('lost', 'heal', do='reset', after=True)
row('close', 'heal', do='close')
row('close-lost', 'heal', do='close', after=True)
row('garbage', 'cope', do='garbage')
row('cut', 'heal', do='cut', bytes=1)
row('length', 'heal', do='length')
row('short', 'torn', 'api', do='length', bytes=-10)
row('drip', 'heal', do='drip', delay='8ms')
row('late', 'heal', do='delay', delay='5ms')
row('hang', 'heal', do='hang')
row('hang-lost', 'heal', do='hang', after=True)
row('429', 'heal', **status(429, answer(8, 'too many')))
row('429-later', 'heal', **status(429, answer(8, 'too many'),
                                  Retry_After='1'))
row('503', 'heal', **status(503, answer(14, 'unavailable')))
row('503-lost', 'heal', after=True, **status(503, answer(14, 'gone')))
row('504-lost', 'heal', after=True, **status(504, HTML,
                                             Content_Type='text/html'))
row('500', 'cope', **status(500, answer(13, 'oh')))
row('500-lost', 'cope', after=True, **status(500, answer(2, 'oh')))
row('html', 'cope', 'api', do='html')
row('html-lost', 'cope', 'api', do='html', after=True)
row('html-502', 'heal', do='html', status=502)
row('empty', 'cope', 'api', **status(200, ''))
row('json', 'cope', 'api', **status(200, '{"id": {'))
row('json-other', 'cope', 'api', **status(200, '[1, "x", {}]'))
row('redirect', 'cope', **status(307, '', Location='http://127.0.0.1:1/'))
row('401', 'denied', do='expired')
row('403', 'denied', **status(403, answer(7, 'not yours')))

row('reset-always', 'outage', do='reset', **ALWAYS)
row('hang-always', 'outage', do='hang', **ALWAYS)
row('cut-always', 'outage', do='cut', bytes=1, **ALWAYS)
row('429-always', 'outage', **ALWAYS, **status(429, answer(8, 'too many')))
row('503-always', 'outage', **ALWAYS, **status(503, answer(14, 'away')))
row('500-always', 'outage', **ALWAYS, **status(500, answer(13, 'oh')))
row('html-always', 'outage', 'api', do='html', **ALWAYS)
row('json-always', 'outage', 'api', **ALWAYS, **status(200, '{"id": {'))
row('502-always', 'outage', do='html', status=502, **ALWAYS)
row('401-always', 'denied', do='expired', **ALWAYS)
row('403-always', 'denied', **ALWAYS, **status(403, answer(7, 'not yours')))

row('end-reset', 'outage', 'end', do='reset', **ALWAYS)
row('end-503', 'outage', 'end', **ALWAYS, **status(503, answer(14, 'away')))
row('end-hang', 'outage', 'end', do='hang', **ALWAYS)

row('store-expired', 'heal', 'store',
    **status(403, store('AccessDenied', 'Request has expired')))
row('store-denied', 'denied', 'store', **ALWAYS,
    **status(403, store('AccessDenied', 'Access Denied.')))
row('store-digest', 'input', 'put', **status(400, store(
    'BadDigest', 'The Content-MD5 you specified did not match')))
row('store-slow', 'heal', 'store', **status(503, store(
    'SlowDown', 'Please reduce your request rate.')))
row('store-broken', 'cope', 'store', **status(500, store(
    'InternalError', 'We encountered an internal error.')))
row('store-middle', 'heal', 'get', do='cut', bytes=1000)
row('store-whole', 'heal', 'get', then={'do': 'whole'}, do='cut', bytes=1000)
row('store-twice', 'heal', 'get', do='cut', bytes=1000, count=2)
row('store-cut-denied', 'heal', 'get', do='cut', bytes=1000, then=status(
    403, store('AccessDenied', 'Request has expired')))
