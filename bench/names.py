"""Common names of eight languages, each with the spellings in use for it, the first as a list has it; and syllables."""

_GIVEN = """
Muhammad Mohammed Mohamed Muhammed Mehmet محمد
Ahmad Ahmed Achmed أحمد
Yusuf Youssef Yousef Yousuf يوسف
Husayn Hussein Hossein Hussain حسين
Umar Omar Omer عمر
Abdallah Abdullah Abdulla عبدالله
Ibrahim Ebrahim Ibraheem إبراهيم
Khalid Khaled Chalid خالد
Mustafa Mostafa Moustapha مصطفى
Fatima Fatma Fatimah Fatemeh فاطمة
Aisha Aicha Ayesha Aysha عائشة
Zaynab Zainab Zeinab زينب
Layla Leila Laila Leyla ليلى
Maryam Mariam Miryam مريم
Tariq Tarek Tarik Tareq طارق
Jamal Gamal Djamal جمال
Sulayman Suleiman Soleiman Suleyman سليمان
Hasan Hassan حسن
Mahmud Mahmoud Mahmood محمود
Nur Nour Noor نور
Sergey Sergei Serguei Sergej Сергей
Aleksandr Alexander Alexandr Александр
Dmitry Dmitri Dimitri Dmitrij Дмитрий
Yevgeny Evgeni Evgeny Yevgeniy Евгений
Yuri Yury Iouri Jurij Юрий
Mikhail Michail Mihail Михаил
Nikolay Nikolai Nikolaj Николай
Yelena Elena Jelena Елена
Natalya Natalia Nataliya Наталья
Olga Olha Ольга
Viktor Victor Wiktor Виктор
Ekaterina Yekaterina Katerina Екатерина
Andrey Andrei Andrej Андрей
Oleksandr Olexandr Олександр
Volodymyr Wolodymyr Володимир
Jean Jehan
Francois François
Andre André
Helene Hélène Helena
Jose José
Maria María Marija
Joao João
Luis Luiz Luís
Sofia Sofía Sophia
Jorge Jorg
Wei 伟
Xiaoming Hsiaoming 晓明
Jian Chien 建
Jong Jung Chong 종
Min Mihn 민
Mehdi Mahdi Mehdy مهدي
Reza Riza رضا
Ali Aly علي
Nguyen Nguyễn
Ayse Ayşe
Kemal Kamal Camal
Oluwaseun Oluwasegun
Kwame Kwami
Chidi Chidy
Amina Aminah أمينة
"""
_PATRONYMICS = """
Sergeyevich Sergeevich Sergueievitch Сергеевич
Ivanovich Ivanovitch Iwanowitsch Иванович
Petrovich Petrovitch Петрович
Nikolayevna Nikolaevna Николаевна
Vladimirovich Wladimirowitsch Владимирович
Alfonso Alphonso
Fernanda Hernanda
Benedict Benedikt
"""
_SURNAMES = """
Qadhafi Gaddafi Kadhafi Ghaddafi القذافي
Haddad Hadad Haddade حداد
Husayni Husseini Hosseini الحسيني
Khatib Khateeb Chatib الخطيب
Mansur Mansour Mansoor منصور
Najjar Najar Naggar النجار
Qasim Kassem Qassem Kasim قاسم
Rashid Rasheed Rachid راشد
Sayyid Sayed Said السيد
Sharif Shareef Cherif شريف
Zahrani Zahrany الزهراني
Tamimi Temimi التميمي
Petrov Petroff Petrow Петров
Ivanov Ivanoff Iwanow Иванов
Kuznetsov Kusnezow Kouznetsov Кузнецов
Shcherbakov Scherbakov Chtcherbakov Щербаков
Chernov Tchernov Tschernow Чернов
Zhukov Joukov Schukow Жуков
Yakovlev Jakowlew Iakovlev Яковлев
Khrushchev Chruschtschow Khrouchtchev Хрущев
Vorobyov Vorobyev Worobjow Воробьев
Kovalenko Kowalenko Коваленко
Shevchenko Schewtschenko Chevtchenko Шевченко
Garcia García
Rodriguez Rodríguez Rodrigues
Hernandez Hernández Fernandez
Goncalves Gonçalves Gonzalves
Mueller Müller Muller
Schroeder Schröder Schroder
Novak Nowak Новак
Kowalski Kovalski Kowalsky
Yilmaz Yılmaz
Oezturk Öztürk Ozturk
Zhang Chang 张
Wang Wong 王
Chen Tchen 陈
Zhao Chao 赵
Kim Gim 김
Park Pak Bak 박
Choi Choe 최
Okafor Okaphor
Adeyemi Adeyemy
Mbeki Mbeky
Nkurunziza Nkurunzisa
Rahman Rehman Rahmane رحمن
Chowdhury Choudhury Chaudhry
Singh Sing
Karimov Kerimov Karimow Каримов
Nazarbekov Nasarbekow Назарбеков
Aliyev Aliev Alijew Алиев
"""
SYLLABLES = (
    *("ba", "ben", "bor", "chi", "da", "dem", "dov", "el", "fa", "gar", "gul", "ha", "har", "il", "jan", "ka", "kel"),
    *(
        "kov",
        "la",
        "lin",
        "ma",
        "mar",
        "mel",
        "na",
        "nev",
        "ni",
        "or",
        "pa",
        "pel",
        "qui",
        "ra",
        "ren",
        "ri",
        "sa",
        "sen",
    ),
    *("sha", "sko", "ta", "tem", "tur", "ul", "va", "ven", "vi", "wal", "ya", "yor", "za", "zin", "zor"),
)


def _several(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in text.splitlines() if line]


GIVEN, SURNAMES = _several(_GIVEN), _several(_SURNAMES)
MIDDLES = [*GIVEN, *_several(_PATRONYMICS)]
