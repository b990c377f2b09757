#!/usr/bin/env python3
"""faults.py DIR - an HTTP server on loopback that does what DIR tells it.

It writes its port to DIR/port, a line of JSON for each request to DIR/log, and
ends after ten minutes at the latest, or when it is killed. What it answers:

DIR/answers.json  {"/path": [answer, ...]}: one after the other, the last one
    again and again; anew when the file changes. An answer has status, headers,
    body (text) or file, repeat, gzip, and faults: length (a Content-Length that
    is not true), cut (close after so many bytes), stall (after the cut, hang
    until the client goes), drip (a byte at a time, and ever slower than is worth
    waiting for), chunked, broken (a chunk that is none), kill (see below),
    after (wait until this path was asked for).

DIR/orders.json   a list of orders, which /link, /cursor, /offset, /page and
    /since_id give in pages, sorted by id, each in its own way; updated_at_min
    gives those from a time on, modified_after those behind it.

DIR/kill.json     {"page": n, "when": "before"}: with the nth page from now the
    process whose number is in DIR/victim is killed, before the answer, in the
    "middle" of it, or "after" it.
"""
import base64
import gzip
import hashlib
import hmac
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

DIR = sys.argv[1]
LIFE_SECONDS = 600
LOCK = threading.Lock()
ASKED = set()  # paths
SERVED = {}  # how often each path was asked for, of which answers


def read(name, default):
    try:
        with open(os.path.join(DIR, name), encoding='utf-8') as f:
            return f.read()
    except FileNotFoundError:
        return default


def write(name, text):
    path = os.path.join(DIR, name)
    with open(path + '.tmp', 'w', encoding='utf-8') as f:
        f.write(text)
    os.rename(path + '.tmp', path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = 1 << 20  # head and body in one piece

    def log_message(self, *args):
        pass

    def do_POST(self):
        size = int(self.headers.get('Content-Length', 0))
        self.do_GET(self.rfile.read(size).decode())

    def do_GET(self, form=''):
        parts = urlsplit(self.path)
        with LOCK:
            with open(os.path.join(DIR, 'log'), 'a', encoding='utf-8') as f:
                f.write(json.dumps({'method': self.command,
                                    'path': self.path, 'form': form,
                                    'headers': dict(self.headers)}) + '\n')
            ASKED.add(parts.path)
            answer = self.scripted(parts.path)
            if answer is None:
                answer = self.page(parts)
        if answer is None:
            answer = {'status': 404, 'body': 'no such thing\n'}
        while 'after' in answer and answer['after'] not in ASKED:
            time.sleep(0.01)
        self.give(answer)

    def scripted(self, path):
        text = read('answers.json', '{}')
        answers = json.loads(text).get(path)
        if answers is None:
            return None
        n = SERVED.get((path, text), 0)
        SERVED[(path, text)] = n + 1
        return answers[min(n, len(answers) - 1)]

    def give(self, a):
        if 'file' in a:
            with open(a['file'], 'rb') as f:
                body = f.read()
        else:
            body = a.get('body', '').encode()
        body *= a.get('repeat', 1)
        headers = dict(a.get('headers', {}))
        status = a.get('status', 200)
        if a.get('gzip'):
            body = gzip.compress(body, mtime=0)
            headers['Content-Encoding'] = 'gzip'
        if 'sign' in a:
            code = hmac.new(a['sign'].encode(), body, hashlib.sha256)
            headers['X-Signature'] = base64.b64encode(code.digest()).decode()
        body, status = self.conditional(a, body, status, headers)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if a.get('chunked'):
            self.send_header('Transfer-Encoding', 'chunked')
            body = b'%x\r\n%s\r\n%s' % (
                len(body), body, b'zz\r\n' if a.get('broken') else b'0\r\n\r\n')
        elif status != 304:
            self.send_header('Content-Length', str(a.get('length', len(body))))
        self.end_headers()
        self.send(a, body)

    def conditional(self, a, body, status, headers):
        tag = headers.get('ETag')
        if tag and self.headers.get('If-None-Match') == tag:
            return b'', 304
        span = self.headers.get('Range')
        if span and tag and self.headers.get('If-Range') == tag and \
                not a.get('cut_ranges'):
            first = int(span.split('=')[1].split('-')[0])
            if first >= len(body):
                return b'', 416
            headers['Content-Range'] = 'bytes %d-%d/%d' % (
                first, len(body) - 1, len(body))
            return body[first:], 206
        return body, status

    def send(self, a, body):
        when = a.get('kill')
        if when:
            if when != 'before':
                half = len(body) // 2 if when == 'middle' else len(body)
                self.wfile.write(body[:half])
                self.wfile.flush()
            self.kill()
            return
        whole = 'cut' not in a and 'length' not in a and not a.get('stall') \
            and not a.get('broken')
        try:
            if a.get('drip'):
                self.drip(body)
            self.wfile.write(body[:a.get('cut', len(body))])
            self.wfile.flush()
            if a.get('stall'):
                self.connection.settimeout(60)
                self.rfile.read(1)
        except OSError:
            whole = False
        if not whole:
            self.close_connection = True

    def drip(self, body):
        for i in range(len(body)):
            self.wfile.write(body[i:i + 1])
            self.wfile.flush()
            time.sleep(0.01)

    def kill_due(self):
        text = read('kill.json', '')
        if not text:
            return ''
        order = json.loads(text)
        n = SERVED.get(text, 0) + 1
        SERVED[text] = n
        return order['when'] if n == order['page'] else ''

    def kill(self):
        os.kill(int(read('victim', '0')), signal.SIGKILL)
        self.close_connection = True

    def page(self, parts):
        ways = {'/link': self.link, '/cursor': self.cursor,
                '/offset': self.offset, '/page': self.number,
                '/since_id': self.since_id}
        if parts.path not in ways:
            return None
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        orders = self.orders(query)
        size = int(query.get('limit', query.get('per_page', 100)))
        headers, envelope = {}, {}
        items = ways[parts.path](query, orders, size, headers, envelope)
        envelope['orders'] = items
        return {'headers': {'Content-Type': 'application/json', **headers},
                'body': json.dumps(envelope), 'kill': self.kill_due()}

    def orders(self, query):
        orders = json.loads(read('orders.json', '[]'))
        if 'updated_at_min' in query:
            orders = [o for o in orders
                      if o['updated_at'] >= query['updated_at_min']]
        if 'modified_after' in query:
            orders = [o for o in orders
                      if o['updated_at'] > query['modified_after']]
        return sorted(orders, key=lambda o: o['id'])

    def link(self, query, orders, size, headers, _):
        first = int(query.get('page_info', 0))
        if first + size < len(orders):
            rest = {**query, 'page_info': first + size}
            headers['Link'] = '</link?%s>; rel="next"' % urlencode(rest)
        return orders[first:first + size]

    def cursor(self, query, orders, size, _, envelope):
        first = int(query.get('cursor', 0))
        more = first + size < len(orders)
        envelope['meta'] = {'next': str(first + size) if more else None,
                            'more': more}
        return orders[first:first + size]

    def offset(self, query, orders, size, *_):
        first = int(query.get('offset', 0))
        return orders[first:first + size]

    def number(self, query, orders, size, headers, _):
        first = (int(query.get('page', 1)) - 1) * size
        headers['X-WP-Total'] = str(len(orders))
        headers['X-WP-TotalPages'] = str(-(-len(orders) // size))
        return orders[first:first + size]

    def since_id(self, query, orders, size, *_):
        since = int(query.get('since_id', 0))
        return [o for o in orders if o['id'] > since][:size]


def main():
    signal.alarm(LIFE_SECONDS)
    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.daemon_threads = True
    write('port', '%d\n' % server.server_port)
    server.serve_forever(poll_interval=0.05)


if __name__ == '__main__':
    main()
