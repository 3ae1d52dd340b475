/* The floor: the echo of the other servers in C, one thread, epoll, nothing that the job does not need.

   Built and started by iolab.arena; by hand:  cc -O2 -o echo echo.c && ./echo --port 9000
   It asks recv for as much as day10/epoll_server.py does. A client that does not read stops it: it is no server to keep. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];

static void watch(int poller, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

static void echo(int conn)
{
    ssize_t count = recv(conn, buffer, sizeof buffer, 0), sent = 0, now;
    while (sent < count && (now = send(conn, buffer + sent, count - sent, MSG_NOSIGNAL)) > 0)
        sent += now;
    if (count <= 0 || sent < count)
        close(conn);
}

static int port(int count, char **words)
{
    for (int at = 1; at + 1 < count; at++)
        if (!strcmp(words[at], "--port"))
            return atoi(words[at + 1]);
    return 9000;
}

int main(int count, char **words)
{
    int one = 1, conn, listener = socket(AF_INET, SOCK_STREAM, 0), poller = epoll_create1(0);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                               .sin_port = htons(port(count, words))};
    socklen_t size = sizeof name;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&name, size) || listen(listener, 1024)) {
        perror("listen");
        return 1;
    }
    getsockname(listener, (struct sockaddr *)&name, &size);
    printf("listening on 127.0.0.1:%d\n", ntohs(name.sin_port));
    fflush(stdout);
    watch(poller, listener);
    for (;;) {
        struct epoll_event found[64];
        int ready = epoll_wait(poller, found, 64, -1);
        for (int n = 0; n < ready; n++)
            if (found[n].data.fd != listener)
                echo(found[n].data.fd);
            else if ((conn = accept(listener, NULL, NULL)) >= 0)
                watch(poller, conn);
            else
                usleep(100000);  /* no descriptor is left: the client waits in the queue */
    }
}
