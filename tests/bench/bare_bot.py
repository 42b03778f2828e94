"""The smallest bot that aiogram's documentation shows: state in memory, one command, long polling."""

import asyncio
import os


async def _main() -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.filters import CommandStart
    from aiogram.fsm.storage.memory import MemoryStorage
    from aiogram.types import Message

    dispatcher = Dispatcher(storage=MemoryStorage())

    @dispatcher.message(CommandStart())
    async def greet(message: Message) -> None:
        name = message.from_user.full_name if message.from_user is not None else ""
        await message.answer(f"Вітаємо, {name}!")

    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"]))
    await dispatcher.start_polling(Bot(os.environ["BOT_TOKEN"], session=session))


if __name__ == "__main__":
    asyncio.run(_main())
