"""What a supplier's system answers, as an X12 interchange."""

_ISA = (
    "ISA*00*          *00*          *01*NORDLICHT      *ZZ*FERNOAK        *261103*0900*U*00401"
    "*{control:09d}*0*P*>~"
)


def answer(kind: str, *lines: str, order: str = "PO-1001", control: int = 77) -> bytes:
    """An 855 (BAK02 `kind`) with these PO1 and ACK segments."""
    body = ["ST*855*0001", f"BAK*00*{kind}*{order}*20261103", *lines]
    segments = [
        f"GS*PR*NORDLICHT*FERNOAK*20261103*0900*{control}*X*004010", *body,
        f"SE*{len(body) + 1}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}",
    ]  # fmt: skip
    return (_ISA.format(control=control) + "".join(f"\n{each}~" for each in segments)).encode()
