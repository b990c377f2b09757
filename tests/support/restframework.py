#!/usr/bin/env python3
"""restframework.py DIR - a shop's API by Django REST framework, on loopback.

Lists orders at /cursor/, /offset/ and /page/, by the framework's own ways to
page, those from changed_since on; a POST of a list to /load/ replaces them. It
writes its port to DIR/port, and ends when it is killed. Needs Debian's
python3-djangorestframework.
"""
import os
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

DIR = sys.argv[1]
settings.configure(
    ALLOWED_HOSTS=['*'], ROOT_URLCONF=__name__, SECRET_KEY='none', USE_TZ=True,
    TIME_ZONE='Europe/Vienna', INSTALLED_APPS=['rest_framework'],
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3',
                           'NAME': os.path.join(DIR, 'shop.db')}},
    REST_FRAMEWORK={
        'DEFAULT_AUTHENTICATION_CLASSES': [], 'UNAUTHENTICATED_USER': None,
        'DEFAULT_RENDERER_CLASSES': ['rest_framework.renderers.JSONRenderer']})
django.setup()

# pylint: disable=wrong-import-position
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, serializers  # noqa: E402


class Order(models.Model):
    number = models.CharField(max_length=20, unique=True)
    changed = models.DateTimeField()
    total = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        app_label = 'shop'


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = '__all__'


class Cursor(pagination.CursorPagination):
    page_size = 10
    ordering = 'id'


class Number(pagination.PageNumberPagination):
    page_size = 10
    page_size_query_param = 'size'


class Load(generics.CreateAPIView):
    serializer_class = OrderSerializer

    def create(self, request, *args, **kwargs):
        Order.objects.all().delete()
        return super().create(request, *args, **kwargs)

    def get_serializer(self, *args, **kwargs):
        return super().get_serializer(*args, many=True, **kwargs)


def orders(way):
    class Orders(generics.ListAPIView):
        serializer_class = OrderSerializer
        pagination_class = way

        def get_queryset(self):
            query = self.request.query_params
            every = Order.objects.order_by(query.get('ordering', 'id'))
            since = query.get('changed_since')
            return every.filter(changed__gte=since) if since else every
    return Orders.as_view()


urlpatterns = [
    path('cursor/', orders(Cursor)), path('page/', orders(Number)),
    path('offset/', orders(pagination.LimitOffsetPagination)),
    path('load/', Load.as_view())]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def main():
    socketserver.TCPServer.allow_reuse_address = True
    with connection.schema_editor() as editor:
        editor.create_model(Order)
    with make_server('127.0.0.1', 0, get_wsgi_application(),
                     handler_class=Quiet) as server:
        with open(os.path.join(DIR, 'port.tmp'), 'w', encoding='ascii') as f:
            f.write('%d\n' % server.server_port)
        os.rename(os.path.join(DIR, 'port.tmp'), os.path.join(DIR, 'port'))
        server.serve_forever(poll_interval=0.05)


if __name__ == '__main__':
    main()
