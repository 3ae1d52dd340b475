"""The layers of a Linux system, and where in them a process comes into being.

Replaces img/linux.png. Sources: syscalls(2), fork(2), execve(2), intro(2); "Linux kernel" chapters of Bovet and Cesati,
"Understanding the Linux Kernel". Library functions and the shell are user space; they enter the kernel by system calls.
"""

from iolab.model import Box, Column, Layers

SCENE = Layers(
    name="linux_layers",
    title="Linux 体系结构，以及进程在哪里产生",
    columns=(
        Column("", (
            Box("user", "用户空间", rows=2, colour="blue"),
            Box("kernel", "内核空间", rows=3, colour="amber"),
            Box("machine", "硬件"),
        ), width=0.3),
        Column("", (
            Box("programs", "应用程序", "① 程序调用 os.fork()，或用户输入一条命令", colour="blue"),
            Box("libraries", "shell、Python 解释器、库函数（glibc）", "把请求变成系统调用：fork、execve",
                colour="blue"),
            Box("syscalls", "系统调用接口", "② 程序请求内核的入口；中断和异常另有入口", colour="amber"),
            Box("subsystems", "进程管理 · 内存管理 · 文件系统\n网络 · 设备驱动",
                "③ 建立进程控制块，分配 PID 和地址空间\n④ 放进就绪队列；fork 返回，进程可用", rows=2, colour="amber"),
            Box("hardware", "CPU · 内存 · 磁盘 · 网卡", "CPU 执行被调度到的进程"),
        )),
    ),
    row=48,
)
