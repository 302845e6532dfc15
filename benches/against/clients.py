"""The Python clients that formwork is measured against, one process each.

    clients.py KIND URL SIZE      one streamed answer of about SIZE bytes
    clients.py many-KIND URL RUNS AT_ONCE

Each is written as the library's own documentation does it. Time and memory are taken by `measure.py`, which starts them.
"""

import asyncio
import json
import sys

ASK = [{"role": "user", "content": "everybody"}]


def people():
    """The schema of the answer, as a model class: the same that formwork is given."""
    from typing import List

    from pydantic import BaseModel, Field

    class Person(BaseModel):
        id: int = Field(ge=0)
        name: str
        email: str = Field(pattern="@")
        age: int = Field(ge=0, le=150)
        note: str

    class People(BaseModel):
        people: List[Person]

    return People


def openai_stream(url, size):
    """The bare SDK: pieces are joined, and parsed once at the end."""
    from openai import OpenAI

    tool = {"type": "function", "function": {"name": "People", "parameters": people().model_json_schema()}}
    client = OpenAI(base_url=url, api_key="none", max_retries=0)
    pieces = []
    for chunk in client.chat.completions.create(
        model=f"people-{size}",
        messages=ASK,
        tools=[tool],
        tool_choice={"type": "function", "function": {"name": "People"}},
        stream=True,
    ):
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                pieces.append(call.function.arguments or "")
    json.loads("".join(pieces))


def instructor_sync(url, size):
    """`create_partial`: an object at each piece."""
    import instructor
    from openai import OpenAI

    client = instructor.from_openai(OpenAI(base_url=url, api_key="none", max_retries=0))
    for _ in client.chat.completions.create_partial(
        model=f"people-{size}", response_model=people(), messages=ASK, max_retries=0
    ):
        pass


def instructor_async(url, size):
    """The same on asyncio."""
    import instructor
    from openai import AsyncOpenAI

    async def work():
        client = instructor.from_openai(AsyncOpenAI(base_url=url, api_key="none", max_retries=0))
        stream = client.chat.completions.create_partial(
            model=f"people-{size}", response_model=people(), messages=ASK, max_retries=0
        )
        async for _ in stream:
            pass

    asyncio.run(work())


def many(url, runs, at_once, wrap):
    """So many small answers, so many at once, each validated."""
    from openai import AsyncOpenAI
    from pydantic import BaseModel

    class User(BaseModel):
        name: str
        age: int

    ask = [{"role": "user", "content": "Ada Lovelace died at 36."}]
    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    if wrap:
        import instructor

        client = instructor.from_openai(client)
    tool = {"type": "function", "function": {"name": "User", "parameters": User.model_json_schema()}}
    choice = {"type": "function", "function": {"name": "User"}}

    async def one(gate):
        async with gate:
            create = client.chat.completions.create
            if wrap:
                user = await create(model="small", response_model=User, messages=ask, max_retries=0)
            else:
                answer = await create(model="small", messages=ask, tools=[tool], tool_choice=choice)
                user = User.model_validate_json(answer.choices[0].message.tool_calls[0].function.arguments)
            assert user.age == 36

    async def work():
        gate = asyncio.Semaphore(at_once)
        await asyncio.gather(*(one(gate) for _ in range(runs)))

    asyncio.run(work())


def main():
    kind, url, first, *rest = sys.argv[1:]
    if kind.startswith("many-"):
        many(url, int(first), int(rest[0]), wrap=kind == "many-instructor")
    else:
        kinds = {"openai": openai_stream, "instructor": instructor_sync, "instructor-async": instructor_async}
        kinds[kind](url, int(first))


if __name__ == "__main__":
    main()
